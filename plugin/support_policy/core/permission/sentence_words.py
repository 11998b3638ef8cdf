"""Words of a sentence, an outcry or an instruction, by which a line is told from a name.

What stands alone below an answer is a name only when none of its words is among these. Words that
people are as well called (Rose, Mark, Grant) are here where they can change an answer.
All are in small letters without accents, as ``plain`` gives them.
"""

from __future__ import annotations

import re

_ENGLISH = """
    a able about absolute abstain absurd accident act action add added admin advise advised afraid
    afternoon afternoons again age ago agreeable ah aha ahem ain alas alert alive all allow allowed
    almost alone alpha alright always am amazing amen amend amended amount an anger angry annoyed
    annoying anonymous answer answered any anybody anyhow anyone anything anytime anyway anyways
    apart apologise apologize apology appalled appalling apparent appeal applies apply april apt
    are argh around arrange as asap aside assume assumed at atm attach attached attempt august
    autoreply autumn await awaits aware away awesome awful aww backup bad badly baffled bah balance
    bang bank bankrupt bankruptcy bargain baseless basta baz be beat been beg beggar begging begin
    begins begrudge begrudging behind being benefactor besides best beta better between beware
    bewildered big bigger bit bitter blah blame blank bless blessed blimey bloody blow bluff
    blunder bogus bonus boo booked bored both bother bothered bought bounce box bravo breach break
    brief brilliant bring broke broken brother brutal bull bullshit bummer bunny bust busy buy
    buyer by bye came capped captive care careful cash cashed caught caution caveat certain
    challenge chance chances charity charming cheat cheated check checked cheers chill choice
    choose chosen christmas chump chumps circus claus clear cleared close closed clueless cold come
    comes comply congrats congratulations consider considered contact contest contested cool copied
    copy correct corrected count crap crazy crikey criminal criminals crook crooks cruel crying
    curious custom customer customers cut cute cynic cynical daily dam damn damned dang danger
    database daylight dead deadline deal dear debatable debt december decides decision delete
    denied deny deserve despair details did didn didnt died different dire disappointed
    disappointing disbelief disgrace disgusted disgusting dismayed displeased dissatisfied dissent
    ditto diwali doe domain donation donor doomed doormat double doubt doubtful doubts down
    downgrade draft dream dreams drop dropped dubious duh dumb dummy during each earlier early
    easter easy edit edited either else elsewhere email empty end ended ends enjoy enough enraged
    entire equal error errors eta eve even evening evenings eventual ever every everybody
    everything evil ex exact exactly exasperated excellent excessive excuse excused excuses
    exhausted expect expected expired extra face fact fail failed fair fake fall false fantastic
    far fast fat favor favour february fed few fewer fiasco fight figures file fill fine fingers
    finish finished fire fired fix fixed flat fly follows foo fool foolish fools for forget forgive
    forgot former foul found frankly fridays fuck fucking full fully fumed fun funny further fury
    future fwiw fyi gah game garbage gave gee genius gentle gets gift given gives glad go goes
    going gone good goodbye goodwill gosh got gotcha gotta gouging grateful gratefully gratis
    gratuitous great greed greedy grief grievance grinch grr grudge grumble grumpy guest gullible
    had haggle half halloween hang happen happened hard hardly has hasn hasnt hate hated have haven
    havent having he heart hearted heavens heavy heck heist hell hello help helpless hence her here
    hers hesitates hey hi highway him his hmmm ho hoax holy honest honestly honored honour hooray
    hopeful hopeless horrible horrified host hostage hot hour hourly huge humbug hurrah hurry hurt
    hypothetical idk illegal im imho imo impossible impressed impressive in inaccurate incl include
    included including inclusive incomplete incorrect incredible indeed initial initially innocent
    insane inside insist insists insult insulted insulting interested interesting into invalid
    invoice invoiced involuntary ipsum ironic irony is isn issue issues it its itself ive january
    jeez joker joy july june junk justice keep keeps kept kill kind knew known knows lame lament
    larceny last late lately latest laugh laughable laughs law lawsuit lawyers lead least leave
    left legal lemme lesser lest letdown lets liable liar liars lie lied lies lift like liked
    likely line list listen litigation little live livid ll lol long longer look looks loop loose
    lorem lose loser losers loss lost lot lots loud love loved lovely low lower loyal luck lucky
    ludicrous lunacy lunch mad made madhouse madness magic major make makes making many march
    marvellous marvelous match matters maybe mean meaning meant mediocre meh mercy mere merely mess
    message middle midnight mine minor minus minutes misclick misery misled miss missed missing
    mistaken mixed modified moment mondays money monopoly monthly morning mornings moron morons
    most mostly motion mouse move moved much mug must mute mutiny my myself na nada nah naive named
    naturally nay near neat necessary negative nein nemo nerve nevermind nevertheless new news next
    nice night nightmare nobody noise nonetheless nonsense noon nope normal noted nothin notice
    noticed notified november nowhere null number numbers nuts objected objection objections
    objects obliged obscene october odd of off offence offended offensive offer offered offers
    often oh ok old omfg omg on once one ones onto oof oops oopsie open opened opinion opposed
    option optional order ordered ordinary ouch ours ourselves out outcome outrage outraged outside
    overall overcharged overdue overpriced owed owes own owned owner pain painful pardon part
    partial partly party pass passed passover past pathetic pauper payer pays peanuts peasant
    penalty pending people per perfect perhaps perk permission permit permitted person pff pfft
    phase phew phone phoned pick picked piece piggy pigs piracy pirate pirates pissed pity
    placeholder plain plan play pleased pleasure plenty plunder po point pointless poor post
    postponed poverty power praise prank pranks pray precisely pretend pretty preview previous
    priceless prisoner pro problem problems proceed proceedings profit profits prohibited promise
    promised proof proper prove proven proves psyche public pull purchase put puzzled quarter quick
    quiet quit quite quits quotation quoted rage ramadan random ransom rant rare rate ratepayer
    rates read reads ready real really recall receive received recheck recourse redacted redo
    reduce reduced regardless regret regrets rejoice relax release remain remember remind reminder
    remove repay repeat reply report reread resend resent resigned resist resolve respond rest
    restrict restricted resubmit result results retract retry return reviewed revise revised
    revisit revoked rip ripoff rise risk robbed robber robbers rofl rotten rough round rubbish rude
    ruined rules run runs rush s sad sadly safe said sake same sample santa sarcastic saturdays
    save saved saves says scammed scammer scammers scandal scandalous scared scary sceptic
    sceptical schedule scrap scratch scrooge scrooged search seat seems seen selfish sell serious
    seriously servant server seventh several shall sham shambles shame shameful she shit shock
    shocked shocking short show shown shows shrug shut sic sick sigh sighs signoff silent silly
    simple simply sir sit situation skeptic skeptical skeptics sketchy skip slave slow slowly small
    smart smh smile smiles snort so sob solve solved some somebody someday somehow someone
    something sometime sometimes somewhat soonish sore sort soul sounds specific specimen spend
    spent sponsor spot spring stage standby start started startled starts status stay steal
    stealing steep step stick stinks stolen stood stopped stops store strange strict strong stuck
    stunned stupidity subscribe such suck sucker suckers sucks sudden sued suffering suggestion
    suit sum summer sundays super superb supposed supposedly surely surprise surprised surprising
    suspect suspend suspended suspicious swear sweet swell swindle swindled swindlers syke take
    taken takes tax taxes taxpayer tba tbd tears template tentative terms terrible terrific test
    tested tests text thank thanks thanksgiving that thats the their theirs them then there
    therefore these they thievery thieving thing things thinks third this those threat threatened
    thrice thrilled through throughout thru thursdays thus ticket tight time timed times timid
    tired title together told ton tonight took top topped toss total totally touch tough track
    tragic transfer trap trash treat trick tricked trouble true truly trust truth tsk tuesdays turn
    turned tut twice typical typo typos unable unacceptable unauthorised unauthorized unbelievable
    uncertain unclear undecided under understand understood undo unethical unfair unfinished unfit
    unheard unhelpful unimpressed unjust unjustified unknown unlawful unless unlike unlikely
    unnecessary unpaid unreal unreasonable unsatisfied unsigned unsubscribe untrue unusual
    unwilling up update updated upon upset urgent use used useful useless user usual utter vague
    valid verbal verbatim verdict verified very veto via victim vile visitor void volume voluntary
    vote waive waived wake walk wallet want wanted wants warned warning warranty wary was wasn
    wasnt waste wasted watch way weak website wednesdays weekdays weekend weekends weekly weeping
    weird welcome well were what whence whenever whereas wherefore wherever while whim whine
    whining whoa whoever whole whom whoop whose wild willing win winning wins winter wise wish
    wished wishes with won wondered wonderful woohoo word words work worked works world worried
    worry worse worst worth worthless woulda wow wrath wreck write writing written wtf xmas yay yea
    year yearly years yep yer yesno yet yikes yo you your yours yourself yuck yup zero zilch
"""
_FRENCH = """
    abandon abandonne abandonner absolument absurde abus abuse abusif accord accorde acompte adieu
    afin agace ah aie ailleurs aime aimerais ainsi ait ajoute ajouter ajuster allez allo allons
    alors amen amertume ami amuse analyse ancien ancienne annulation anonyme aout apparemment appel
    appelle applaudissements appliquer apres arbitraire argh arnaquee arnaques arnaqueur arnaqueurs
    arrangement arrive arrivera assez assume assurance attaque attente attention au aucunement
    aurai aurais aurait autant automne autorisation autorise autrement avaler avance avant avec
    avertis avertissez avez aviser avisez avoir avons avril ayoye baisse baissez bandit bandits
    banque barbare bas base beau beaucoup beaute bel belle besoins bete betise bidon bien bientot
    bigre bingo bizarre blague bluff bof bon bonjour bonne bonsoir bordel bouh boum bravo bref
    brigand brigandage brigands brillant brr bye ca cadeau cadeaux calcul caline calisse calvaire
    canular car caricature carrement cas casse cassees ce ceci cela celle celui certain certaine
    certainement certains ces cesse cessez cet cette chacun chance chantage chapeau chaque charite
    chaud cherchez chialer chiant chic chut cible ciboire clair client cliente colere combien
    comique comme commencez comment communiquer compare comparer compliments comprends comprenez
    compris conditionnel conditionnelle conditionnellement confirmation confirme confirmez confus
    consentement conteste contester contraint contrainte contraire contre contrecoeur contribuable
    copie cornichon corrige corriger corrigez couac couic couillon coup coupe coupez crime criss
    crisse croire croyez cruel curieux cynique dame dans date de debile debut decembre decevant
    dechire decision declare deconne deduction deduire deduit degoute dehors deja delai demande
    demandez dement depart depense depenses depuis dernier derniere des desabonner desabonnez
    desaccord desagreable desastre desespere desolant dessous dessus deuxieme devait devis devoue
    devrait diable dieu difference different difficile dimanches diminuer dindon direct dis discute
    discutez disons dites divers divise dois doivent domaine dommage don donc donnant donne donner
    donnez dont dormir doucement doute doutes doux droit drole du dur durant echantillon echec
    ecoeurant ecoeure ecoeurement ecoute ecoutez ecrire efface effacer effectivement egal egalement
    egare eh elle elles embete emmerde en encore enerve enfin enleve enlevez ennui enorme enrage
    ensemble ensuite entendre entendu entente entre envers environ epouvantable erreurs esclave
    escroc escrocs escroquerie essaie essais essayer essayez est et etait etape etc ete etes
    etonnant etonne etrange eu euh eux evident exact exactement exageration exagere exaspere
    excellent exception excessif excessive excuse excuses excusez exemple exige exigence exiger
    explication expliquez expres extorque extra extreme fabuleux fache facile facon faible faillite
    fais faisons fait faite faites fameux fantastique farceur farceurs fatigue fauche fauches
    faudra faudrait fausse faute faux faveur felicitations ferme fermez fete fetes feu fevrier
    fidele fier fin finale fini finir fiou fixe fois fol folie folle force forcee formidable fort
    fou fourberie foutaise foutaises foutre foutu franc franchement frauduleux froid frustre fureur
    furieuse furieux gabarit gaffe garantie garde gardez gaspillage generosite genial geniale gens
    gentil gloup gratos grave gre gros grosse grotesque guichet ha haha haine halte hasard haut
    hein helas hep heures heureuse heureux historique hiver honnetement honte honteux hop horreur
    horrible horrifie hors hostie hourra hurle hypocrite ici idem idiotie il illegal illico ils
    imaginez immediatement immonde impaye important impossible impressionnant impressionne
    inacceptable inclus incluse incompetence incompetents inconnu inconnue incredule incroyable
    indecent indecis indecise indignation indigne infini information ininteressant injuste inquiet
    inquietant inquiete insense inspire insultant insulte interessant interesse interet intolerable
    inutile invalide invraisemblable ironie ironique ironiquement j jamais janvier jase je jeu
    jeudis jeux joie joli jolie jouet juge juillet juin juste justement la laisse laissez
    lamentable larcin las le lendemain lendemains lent les lesquels leur leurs liberte libre lire
    litige loi loin long longtemps lorsque lu lui lundis lutte ma madame magnifique magnifiquement
    mai mal malade malfaiteurs malgre manque mardis mars matin maudit maudite maudits mauvais
    mauvaise maximal mechant mecontent mecontente mecontents mefiance mefiant meilleur meilleure
    meme memes menace mensonge mensuel menteur menteurs merci mercredis merde merveille merveilleux
    mes message mets mettez mettre mi midi mieux mille minable mince minutes miracle misere modele
    modification modifie modifier moi moindre moisi moment mon monsieur montant montrez moque
    moquerie moqueurs motif moutarde moyen moyennant n naif naives nanane nature naturellement
    neanmoins necessaire negatif negociable negocie negocier niaiserie niaiseux nickel nickels niet
    nombre normal normalement nos notre nous novembre nuit nul nulle nullement obligation oblige
    obligee obtenez occasion octobre offre offrez offusque oh ok on onereux option optionnel ordre
    ose oser osti ostie ou ouache ouah ouais oubli oublie oubliez ouf ouin oups outre ouvert paf
    paix panique pantoute paques par parait parce pardi pardon pareil parfait parfaitement parfois
    parle parlez parmi parole part partage partagez partie partiel partielle partir partout passe
    passez patron patronne pauvre paye payeur payez peine pendant penible penser pensez perdant
    perdants perdu pere permet permettez permis permission personne perte pesant peu peuh peur peux
    pff pfff phase pige pigeon pigeons pile pirate pirates pire pis piteux pitie pitoyable
    pitoyables place plaisanterie plait plein pleinement pleure pleurs plume plumes plupart
    plusieurs pognez point poisson policiers porte pot pouah pour pourboire poursuite poursuites
    pouvez pouvoir precise precisement precisez premier premiere prends prenez pres presque pressez
    preuve preuves prevenez prevenir prevu prie printemps prisonnier prochain prochaine prochains
    profit promesse promettez promis propre protestations provisoire provisoirement prudence
    prudent pu puis puisque purement qu quel quelconque quelle quelles quelqu quelque quelques
    quels quinze quitte quoi racket rage raison rancon rancune rapide rapidement rapport ras
    rassure rate recommande reconsiderer recours recu reculons reductions reduire reduisez reduit
    refacturer reflechis reflexion refus regret regrets regrette regretter relisez remboursement
    remboursez remercie remettez remise renonce renoncer repondez reponse reporte reportez repos
    represailles reserver resigne resignee reste restez retard retour retrait reve revenez reves
    reviendrai reviens revient revise revision rire rires risible risque rude ruine ruines rumeur
    ruse sa sacrament sacre sais salaud salauds sale salut samedis sans sarcasme sarcastique
    sauvegarde scandale scandaleux sceptique selon septembre sera serait serieusement serieux
    serveur serviteur ses seul seule signe silence simple simplement sinon sitot situation soi soir
    soiree soit solde son songe sont sortie sot sottise soudain souffle souhait soupir soupirs
    soutien souvent speciale strictement stupide stupidite su subito suffit suis suite suivant
    super superbe supprimer supprimez sur sure surement surprenant surpris surprise surtout suspect
    suspendez suspendre ta tabarnak tabarnane tabarnouche tabernacle tais taisez tandis tannant
    tanne tant tantot tas taxe taxes te telle tellement temporaire temporairement temps tenez
    tenter termine terminer tes test texto tien tiens tiguidou titre toi tolere tombe ton tort
    total totale totalement tous toussaint tout toute toutes trahison tranquille tres triche
    tricheur tricheurs triste tristesse trompe trop truc tu urgent utile va vache vais valable
    valide valoir vas vaurien vaut vendredis venez vent verbal verbale verite versement veuillez
    veulent veut veux vide videz vient vif vilain violent vite vive vives voici voila voire volee
    voleur voleuse volontiers volte vos votre voulait voulez vouloir voulu voyez voyons vrai vraie
    vraiment vu yahou yeux youpi zero zut
"""

SENTENCE_WORDS = frozenset((_ENGLISH + _FRENCH).split())
_ENDINGS = re.compile(
    r"[a-z]+(?:ly|ment|ments|ing|ings|tion|tions|able|ible|less|ness|ous|ful|ity|ism|ery|ency|ship"
    r"|hood|[^e]ed|ize|ify|[^r]ic|ical|(?<!vi)eux|euse|ique|iques|age|ages)"
)


def is_sentence_word(word: str) -> bool:
    """Whether a plain word belongs to a sentence rather than to a name."""
    return word in SENTENCE_WORDS


def may_be_name(word: str) -> bool:
    """Whether a plain word that nothing bears out may be part of somebody's name."""
    return word not in SENTENCE_WORDS and not _ENDINGS.fullmatch(word)
