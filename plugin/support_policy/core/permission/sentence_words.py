"""Words of a sentence, an outcry or an instruction, by which a line is told from a name.

What stands alone below an answer is a name only when none of its words is among these. Words that
people are as well called (Rose, Mark, Grant) are here where they can change an answer.
All are in small letters without accents, as ``plain`` gives them.
"""

from __future__ import annotations

import re

_ENGLISH = """
    a aber able about absolute abstain absurd accept accident act action add added admin advise
    advised afraid afternoon afternoons again age ago agree agreeable ah aha ahem ain alas alert
    alive all allow allowed almost alone alpha alright always am amanha amazing amen amend amended
    amount an anger angry annoyed annoying anonymous answer answered any anybody anyhow anyone
    anything anytime anyway anyways apart apologise apologize apology appalled appalling apparent
    appeal applies apply april apt are argh around arrange as asap aside assume assumed at atm
    attach attached attempt attn august autoreply autumn await awaits aware away awesome awful aww
    aye backup bad badly baffled bah balance balderdash baloney bang bank bankrupt bankruptcy
    bargain baseless basta baz be beat been beg beggar begging begin begins begrudge begrudging
    behind being benefactor besides best beta better between beware bewildered big bigger bit
    bitter blah blame blank blather bleh bless blessed blimey bloody blow bluff blunder bogus bonus
    boo booked bored both bother bothered bought bounce box bravo brb breach break brief brilliant
    bring broke broken brother bruh brutal buck bucks bug bull bullshit bummer bunk bunkum bunny
    bust busy buy buyer by bye came capped captive care careful cash cashed cat caught caution
    caveat cc cent cents certain challenge chance chances charity charming cheat cheated check
    checked cheers chill choice choose chosen christmas chump chumps circus claptrap claus clear
    cleared close closed clueless codswallop coerced cold come comes complimentary comply confirm
    congrats congratulations consider considered consult contact contest contested cool copied copy
    cornered correct corrected coulda count cousin crap crazy crikey criminal criminals crook
    crooks cruel crying curious custom customer customers cut cute cynic cynical dad daily dam damn
    damned dang danger database daughter daylight dead deadline deal dear debatable debt december
    decides decision decline def delegate delete denied deny deserve despair details did didn didnt
    died different dime dire disappointed disappointing disbelief discounted disgrace disgusted
    disgusting dismayed displeased dissatisfied dissent dissenter ditto diwali doe dog dokey domain
    domani donation donor doomed doormat double doubt doubtful doubts down downgrade draft dream
    dreams drivel drop dropped dubious dude duh duhh dumb dummy dunno during each earlier early
    easter easy edit edited eek eighteen eighty either eleven else elsewhere email empty end ended
    ends enjoy enough enraged entire equal error errors eta even evening evenings eventual ever
    every everybody everything evil ex exact exactly exasperated excellent excessive excuse excused
    excuses exhausted expect expected expired extra eyeroll face facepalm fact fail failed fair
    fake fall false fantastic far fast fat father favor favour february fed few fewer ffs fiasco
    fifteen fifty fight figures file fill fingers finish finished fire fired fix fixed flat fly fml
    follow follows foo fool foolish fools for forced forget forgive forgot former forse forty
    forward foul found fourteen frankly fridays fuck fucking full fully fumed fun funny further
    fury future fwiw fyi gah game garbage gave gee genius gentle gets ghost gift gimme given gives
    glad go goes going gone good goodbye goodwill gosh got gotcha gotta gouging grateful gratefully
    gratis gratuitous great greed greedy grief grievance grinch grr grudge grumble grumpy guest
    gullible gulp had haggle half halloween hang happen happened hard hardly has hasn hasnt hate
    hated have haven havent having he heart hearted heavens heavy heck heist hell hella hello help
    helpless hence her here hers hesitates hey hi highway him his hmmm ho hoax hogwash hokum holy
    honest honestly honored honour hooey hooray hopeful hopeless horrible horrified host hostage
    hot hour hourly huge huh humbug hundred hundreds hurrah hurry hurt husband hypothetical idk
    illegal im imho imo impossible impressed impressive in inaccurate incl include included
    including inclusive incomplete incorrect incredible indeed indignant inform initial initially
    innocent insane inside insist insists insult insulted insulting interested interesting intern
    into invalid invoice invoiced involuntary ipsum ironic irony is isn issue issues it its itself
    ive january jeez jk joker joy july june junk justice keep keeps kein kept kid kill kind kinda
    knew known knows lame lament larceny last late lately latest laugh laughable laughs law lawsuit
    lawyers lead least leave left legal lemme lesser lest letdown lets liable liar liars lie lied
    lies lift like liked likely line list listen litigation little live livid ll lmfao lol long
    longer look looks loonie loop loose lorem lose loser losers loss lost lot lots lotta loud love
    loved lovely low lower loyal luck lucky ludicrous lunacy lunch mad made madhouse madness magic
    maintenance major make makes making malarkey manana many march marvellous marvelous match
    matters maybe mean meaning meant mediocre meet meh mercy mere merely mess message middle
    midnight mine minor minus minutes misclick misery misled miss missed missing mistaken mixed
    modified mom moment mondays money monopoly monthly morgen morning mornings moron morons most
    mostly mother motion mouse move moved much mug must mute mutiny my myself na nada nah naive
    named nao natch naturally nay near neat necessary nee negative negotiator nein nemo nephew
    nerve nevermind nevertheless new news next nice nicht nickel niente night nightmare nineteen
    ninety nobody noise nonetheless nonprofit nonsense noon nope normal noted nothin notice noticed
    notified notify november nowhere nuh null number numbers nunca nuts nvm nyet objected objection
    objections objector objects obliged obscene obv october odd of off offence offended offensive
    offer offered offers often oh ok okey okie old omfg omg on once one ones onto oof oops oopsie
    open opened opinion opposed option optional order ordered ordinary ouch ours ourselves out
    outcome outrage outraged outside outta overall overcharged overdue overnight overpriced owed
    owes own owned owner oy page pain painful pardon part partial partly party pass passed passover
    past pathetic pauper payer pays peanuts peasant penalty pending pennies people per perfect
    perhaps perk permission permit permitted pero person pff pfft phase phew phone phoned pick
    picked piece piffle piggy pigs ping piracy pirate pirates pissed pity placeholder plain plan
    play pleased pleasure plenty plunder po point pointless poor poppycock post postponed poverty
    power praise prank pranks pray precisely pressured pretend pretty preview previous priceless
    prisoner pro problem problems proceed proceedings profit profits prohibited prolly promise
    promised proof proper protest prove proven proves psyche public pull purchase put puzzled
    quarter quick quid quiet quit quite quits quizas quotation quoted rage ramadan random ransom
    rant rare rate ratepayer rates read reads ready real really recall receive received recheck
    recourse redacted redo reduce reduced regardless regret regrets rejoice relax release reluctant
    remain remember remind reminder remove repay repeat reply report reread resend resent resigned
    resist resolve respond rest restrict restricted resubmit result results reticent retract retry
    return reviewed revise revised revisit revoked righto rip ripoff rise risk robbed robber
    robbers rofl roommate rotten rough round rubbish rude ruined ruinous rules run runs rush s sad
    sadly safe said sake same sample santa sarcastic saturdays save saved saves says scammed
    scammer scammers scandal scandalous scared scary sceptic sceptical schedule scrap scratch
    scrooge scrooged search seat section seems seen selfish sell serious seriously servant server
    seventeen seventh seventy several shall sham shambles shame shameful she sheesh shift shit
    shock shocked shocking short shoulda show shown shows shrug shut sic sick sigh sighing sighs
    sign signoff silent silly simple simply sir sister sit situation sixteen sixty skeptic
    skeptical skeptics sketchy skip slave slow slowly small smart smh smile smiles snort so sob
    solo solve solved some somebody someday somehow someone something sometime sometimes somewhat
    son soonish sore sort sorta soul sounds specific specimen spend spent sponsor spot spring stage
    staging standby start started startled starts status stay steal stealing steep step stick
    stinks stolen stood stopped stops store strange strict strong stuck student stunned stupidity
    subscribe such suck sucker suckers sucks sudden sued suffering suggestion suit sum summer
    sundays super superb supposed supposedly surely surprise surprised surprising suspect suspend
    suspended suspicious swear sweet swell swindle swindled swindlers syke take taken takes talvez
    tax taxes taxpayer tba tbd tbh tears temp template tentative terms terrible terrific test
    tested tests text thank thanks thanksgiving that thats the their theirs them then there
    therefore these they thievery thieving thing things thinks third thirteen thirty this those
    thousand threat threatened thrice thrilled through throughout thru thursdays thus ticket tight
    time timed times timid tired title tldr together told ton tonight took toonie top topped toss
    total totally totes touch tough track tragic transfer trap trash treat trick tricked trouble
    true truly trust truth tsk ttyl tuesdays turn turned tut twaddle twelve twenty twice twin
    typical typo typos uh unable unacceptable unauthorised unauthorized unbelievable uncertain
    unclear unconvinced undecided under understand understood undo unethical unfair unfinished
    unfit unheard unhelpful unimpressed unjust unjustified unknown unlawful unless unlike unlikely
    unnecessary uno unpaid unreal unreasonable unsatisfied unsigned unsubscribe untrue unusual
    unwilling up update updated upon upset urgent use used useful useless user usual utter vague
    valid verbal verbatim verdict verified very veto vetoes vey via victim vielleicht vile visitor
    void volume voluntary vote waive waived waiver wake walk wallet wanna want wanted wants warn
    warned warning warranty wary was wasn wasnt waste wasted watch way weak website wednesdays
    weekdays weekend weekends weekly weeping weird welcome well welp were what whatevs whence
    whenever whereas wherefore wherever while whim whine whining whoa whoever whole whom whoop
    whose wife wilco wild willing win window winning wins winter wise wish wished wishes with
    withdraw won wondered wonderful woohoo word words work worked works world worried worry worse
    worst worth worthless woulda wow wrath wreck write writing written wtf xmas yada yawn yay yea
    year yearly years yep yer yesno yessir yet yikes yo yolo you your yours yourself yuck yup zero
    zilch
"""
_FRENCH = """
    abandon abandonne abandonner absolument absurde abus abuse abusif acceptez accord accorde
    acompte adieu afin agace ah aie ailleurs aime aimerais ainsi ait ajoute ajouter ajuster allez
    allo allons alors amen amertume ami amuse analyse ancien ancienne annulation anonyme aout
    apparemment appel appelle applaudissements appliquer apres arbitraire argh arnaquee arnaques
    arnaqueur arnaqueurs arrangement arrive arrivera assez assume assurance attaque attente
    attention au aucunement aurai aurais aurait autant automne autorisation autorise autrement
    avaler avance avant avec avertis avertissez avez aviser avisez avoir avons avril ayoye bah
    baisse baissez balivernes bandit bandits banque bapteme barbare bas base beau beaucoup beaute
    beh bel belle bernique besoins bete betise bidon bien bientot bigre bingo bizarre blague blonde
    bluff bof boff bon bonjour bonne bonsoir bonyenne bordel bouh boum bravo bref brigand
    brigandage brigands brillant brr bye ca caca cadeau cadeaux calcul calembredaines caline
    calisse calvaire canular car caricature carrement cas casse cassees ce ceci cela celle celui
    cents certain certaine certainement certains ces cesse cessez cet cette chacun chance chantage
    chapeau chaque charite chat chaud cherchez chez chialer chiant chic chien chum chut cible
    ciboire cibole cinquante clair client cliente cochon cochons colere combien comique comme
    commencez comment communiquer compare comparer compliments comprends comprenez compris
    conditionnel conditionnelle conditionnellement confirmation confirme confirmez confus
    consentement consultez contactez conteste contester contraint contrainte contraire contre
    contrecoeur contribuable copie cornichon corrige corriger corrigez cossin couac couca couci
    coudon coudonc couic couillon coup coupe coupez crime criss crisse croire crotte croyez cruel
    curieux cynique dame dans date de debile debut decembre decevant dechire decision declare
    declinez deconne deduction deduire deduit degoute dehors deja delai demande demandez dement
    depart depense depenses depuis dernier derniere des desabonner desabonnez desaccord desagreable
    desastre desespere desolant dessous dessus deuxieme devait devis devoue devrait diable dieu
    difference different difficile dimanches diminuer dindon direct dis discute discutez disons
    dites divers divise dois doivent dollar domaine dommage don donc donnant donne donner donnez
    dont dormir doucement doute doutes doux douze droit drole du dur durant echantillon echec
    ecoeurant ecoeure ecoeurement ecoute ecoutez ecrire efface effacer effectivement egal egalement
    egare eh elle elles embete emmerde en encore enerve enfin enleve enlevez ennui enorme enrage
    ensemble ensuite entendre entendu entente entre envers environ envoye epouvantable erreurs
    esclave escroc escrocs escroquerie essaie essais essayer essayez est et etait etape etc ete
    etes etonnant etonne etrange eu euh eux evident exact exactement exageration exagere exaspere
    excellent exception excessif excessive excuse excuses excusez exemple exige exigence exiger
    explication expliquez expres extorque extra extreme fabuleux fache facile facon facturez
    fadaise fadaises faible faillite fais faisons fait faite faites fameux fantastique farceur
    farceurs fatigue fauche fauches faudra faudrait fausse faute faux faveur felicitations femme
    ferme fermez fete fetes feu fevrier fidele fiente fier fille fils fin finale fini finir fiou
    fixe fois fol folie folle force forcee formidable fort fou fourberie foutaise foutaises foutre
    foutu franc franchement frauduleux frere froid frustre fureur furieuse furieux gabarit gaffe
    garantie garde gardez gaspillage generosite genial geniale gens gentil gloup gratos grave gre
    gros grosse grotesque guichet ha haha haine halte hasard haut hein helas hep hesite heures
    heureuse heureux historique hiver honnetement honte honteux hop horreur horrible horrifie hors
    hostie hourra hurle hypocrite ici idem idiotie il illegal illico ils imaginez immediatement
    immonde impaye important impossible impressionnant impressionne inacceptable inclus incluse
    incompetence incompetents inconnu inconnue incredule incroyable indecent indecis indecise
    indignation indigne infini information informez ininteressant injuste inquiet inquietant
    inquiete insense inspire insultant insulte interessant interesse interet intolerable inutile
    invalide invraisemblable ironie ironique ironiquement j jamais janvier jase je jeu jeudis jeux
    joie joignez joli jolie jouet juge juillet juin juste justement la laisse laissez lamentable
    larcin las le lendemain lendemains lent les lesquels leur leurs liberte libre lire litige loi
    loin long longtemps lorsque lu lui lundis lutte ma madame magnifique magnifiquement mai mal
    malade malfaiteurs malgre manque mardis mari mars matin maudine maudit maudite maudits mauvais
    mauvaise maximal mechant mecontent mecontente mecontents mefiance mefiant meilleur meilleure
    meme memes menace mensonge mensuel menteur menteurs merci mercredis merde mere merveille
    merveilleux mes message mets mettez mettre mi midi mieux minable mince minutes miracle misere
    modele modification modifie modifier moi moindre moisi moment mon monsieur montant montrez
    moque moquerie moqueurs motif mouaip mouais moutarde moyen moyennant n naif naives nanane
    nature naturellement neanmoins necessaire negatif negociable negocie negocier nenni neveu
    niaise niaiserie niaiseux nickel nickels niece niet nombre normal normalement nos notifiez
    notre nous novembre nuit nul nulle nullement obligation oblige obligee obtenez occasion octobre
    offre offrez offusque oh ok on onereux onze option optionnel ordre ose oser osti ostie ou
    ouache ouah ouaip ouais oubli oublie oubliez ouf ouin oups outre ouvert paf paix panique
    pantoute paques par parait parce pardi pardon pareil parfait parfaitement parfois parle parlez
    parmi parole part partage partagez partie partiel partielle partir partout passe passez patron
    patronne pauvre paye payeur payez peine pendant penible penser pensez perdant perdants perdu
    pere permet permettez permis permission personne perte pesant peu peuh peur peux pff pfff pffft
    phase piastre piastres pige pigeon pigeons pile pipi pirate pirates pire pis piteux pitie
    pitoyable pitoyables place plaisanterie plait plein pleinement pleure pleurs plume plumes
    plupart plusieurs pognez point poisson policiers porte pot pouah pour pourboire poursuite
    poursuites pouvez pouvoir precise precisement precisez premier premiere prends prenez pres
    presque pressez preuve preuves prevenez prevenir prevu prie printemps prisonnier prochain
    prochaine prochains profit promesse promettez promis propre protestations prout provisoire
    provisoirement prudence prudent pu puis puisque purement qu quarante quatorze quel quelconque
    quelle quelles quelqu quelque quelques quels quinze quitte quoi racket rage raison rancon
    rancune rapide rapidement rapport ras rassure rate recommande reconsiderer recours recu
    reculons reductions reduire reduisez reduit refacturer reflechis reflexion refus refusez regret
    regrets regrette regretter relisez remboursement remboursez remercie remettez remise renonce
    renoncer repondez reponse reporte reportez repos represailles reserver resigne resignee reste
    restez retard reticent reticente retour retrait reve revenez reves reviendrai reviens revient
    revise revision rire rires risible risque rude ruine ruines rumeur ruse sa sacrament sacre sais
    salaud salauds sale salut samedis sans sarcasme sarcastique sauvegarde scandale scandaleux
    sceptique seize selon septembre sera serait serieusement serieux serveur serviteur ses seul
    seule signe signez silence simonac simple simplement sinon sitot situation soeur soi soir
    soiree soit soixante solde son songe sont sornettes sortie sot sottise soudain souffle souhait
    soupir soupirs sous soutien souvent speciale stagiaire strictement stupide stupidite su subito
    suffit suis suite suivant super superbe supprimer supprimez sur sure surement surprenant
    surpris surprise surtout suspect suspendez suspendre ta tabarnak tabarnane tabarnouche
    tabernacle tais taisez tandis tannant tanne tant tantot tarabiscote tas tata taxe taxes te
    telle tellement temporaire temporairement temps tenez tenter termine terminer tes test texto
    tien tiens tiguidou titre toi tolere tombe ton torrieux tort total totale totalement tous
    toussaint tout toute toutes trahison tranquille transferez treize trente tres triche tricheur
    tricheurs triste tristesse trompe trop truc tu urgent utile va vache vais valable valide
    validez valoir vas vaurien vaut vendredis venez vent verbal verbale verite versement veuillez
    veulent veut veux viarge vide videz vient vif vilain vingt violent vite vive vives voici voila
    voire volee voleur voleuse volontiers volte vos votre voulait voulez vouloir voulu voyez voyons
    vrai vraie vraiment vu yahou yeux youpi zero zut
"""

SENTENCE_WORDS = frozenset((_ENGLISH + _FRENCH).split())
_ENDINGS = re.compile(
    r"[a-z]+(?:ly|ment|ments|(?<=[a-z]{2})ings?|tion|tions|able|ible|less|ness|ous|ful|ity|ism|ery|ency|ship"
    r"|hood|[^e]ed|ize|ify|[^r]ic|ical|(?<!vi)eux|euse|ique|iques|age|ages)"
)


def is_sentence_word(word: str) -> bool:
    """Whether a plain word, or its singular, belongs to a sentence rather than to a name."""
    return word in SENTENCE_WORDS or (word.endswith("s") and word[:-1] in SENTENCE_WORDS)


def may_be_name(word: str) -> bool:
    """Whether a plain word that nothing bears out may be part of somebody's name."""
    return not is_sentence_word(word) and not _ENDINGS.fullmatch(word)


def is_told_of(word: str) -> bool:
    """Whether a plain word says how somebody is: "unconvinced", "annoyed"."""
    return re.fullmatch(r"un[a-z]{4,}ed|[a-z]{3,}[^e]ed", word) is not None
