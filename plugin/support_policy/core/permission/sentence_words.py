"""Words of a sentence, an outcry or an instruction, by which a line is told from a name.

What stands alone below an answer is a name only when none of its words is among these. Words that
people are as well called (Rose, Mark, Grant) are here where they can change an answer.
All are in small letters without accents, as ``plain`` gives them.
"""

from __future__ import annotations

import re

_ENGLISH = """
    a able about absolute absurd accident act action add added admin advise advised afraid
    afternoon afternoons again age ago agreeable ah aha ahem ain alas alert alive all allow allowed
    almost alone alright always am amazing amen amend amended amount an angry annoyed annoying
    answer answered any anybody anyhow anyone anything anytime anyway anyways apart apologise
    apologize apology appalled appalling apparent appeal applies apply april apt are argh around
    arrange as asap aside assume assumed at attach attached attempt august await awaits aware away
    awesome awful aww bad badly baffled bah balance bang bankrupt bargain baseless be beat been beg
    begging begin begins begrudge behind being besides best better between beware bewildered big
    bigger bit bitter blah blame blank bless blessed blimey bloody blow bluff blunder bogus boo
    booked bored both bother bothered bought bravo breach break brief brilliant bring broke broken
    brother brutal bull bullshit bummer bust busy buy buyer by bye came capped care careful case
    cash cashed caught caution caveat certain challenge chance chances charming cheat cheated check
    checked cheers chill choice choose chosen clear cleared close closed clown clueless cold come
    comes comply congrats congratulations consider considered contact contest contested cool copied
    copy correct corrected count crap crazy crikey criminal criminals crook crooks cruel crying
    curious custom customer customers cut cute daily dam damn damned dang danger dead deadline deal
    dear debatable debt december decides decision denied deny deserve details did didn didnt died
    different dire disappointed disappointing disbelief disgrace disgusted disgusting dismayed
    displeased dissatisfied doomed double doubt doubtful doubts down downgrade dream dreams drop
    dropped dubious duh dumb during each earlier early easy edit edited either else elsewhere email
    empty end ended ends enjoy enough enraged entire equal error errors eta even evening evenings
    eventual ever every everybody everything evil exact exactly exasperated excellent excessive
    excuse excused excuses exhausted expect expected expired extra face fact fail failed fair fake
    false fantastic far fast fat favor favour february fed few fewer fiasco field fight figures
    file fill fine finger fingers finish finished fire fired fix fixed flat fly follows fool
    foolish fools for forget forgive forgot foul found frankly fridays fuck fucking full fully
    fumed fun funny further future fwiw fyi gah game garbage gave gee genius gentle gets given
    gives glad go goes going gone good goodbye gosh got gotcha gotta grateful gratefully great
    greed greedy grief grr grudge grumble grumpy had haggle half hang happen happened hard hardly
    has hasn hasnt hate hated have haven havent having he hearted heavens heck hell hello help
    helpless hence her here hers hesitates hey hi him his hmmm ho hoax hog holy honest honestly
    honored honour hooray hopeful hopeless horrible horrified hostage hot hourly huge humbug hurrah
    hurry hurt idk illegal im imho imo impossible impressed impressive in inaccurate incl include
    included including inclusive incomplete incorrect incredible indeed initial initially innocent
    insane inside insist insists insult insulted insulting interested interesting into invalid
    invoiced involuntary ironic irony is isn issue issues it its itself ive january jeez joy july
    june junk justice keep keeps kept kill kind knew known knows lame lament last late lately
    latest laugh laughable laughs law lawsuit lawyers lead least leave left legal lemme lesser lest
    letdown lets liable liar liars lie lied lies lift like liked likely line list listen little
    live livid ll lol long longer look looks loop loose lose loser losers loss lost lot lots loud
    love loved lovely low lower luck lucky ludicrous lunacy mad made madness magic major make makes
    making many march marvellous marvelous match matters mean meaning meant mediocre meh mercy mere
    merely mess message middle midnight mine minor minus misled miss missed missing mistaken mixed
    modified moment mondays money monthly morning mornings moron morons most mostly motion move
    moved much mug must mute my myself na naive named naturally nay near neat necessary negative
    nerve nevermind nevertheless new news next nice night nightmare nobody noise nonetheless
    nonsense noon normal noted nothin notice noticed notified november nowhere null number numbers
    nuts objected objection objections objects obliged obscene october odd of off offence offended
    offensive offer offered offers often oh ok old omfg omg on once ones onto oof oops open opened
    opinion opposed optional order ordered ordinary ouch ours ourselves out outcome outrage
    outraged outside overall overcharged overpriced owed owes own owned owner pain painful pardon
    part partial partly party pass passed past pathetic pays peanuts penalty people per perfect
    permission permit permitted person pff pfft phew phone phoned pick picked piece pigs pissed
    pity plain play pleased pleasure plenty point pointless poor post postponed power praise pray
    precisely pretend pretty preview previous priceless pro problem problems proceed profit profits
    prohibited promise promised proof proper prove proven proves public pull purchase put puzzled
    quarter quick quiet quit quite quits quotation quoted rage random ransom rant rare rate rates
    read reads ready real really recall receive received recheck reduce reduced regardless regret
    regrets rejoice relax release remain remember remind reminder remove repay repeat reply report
    reread resend resent resigned resist resolve respond rest restrict restricted result results
    retract return reviewed revise revised revisit revoked rip ripoff rise risk rob robbed robber
    robbers rofl rotten rough round rubbish rude ruined rules run runs rush s sad sadly safe said
    sake same sarcastic saturdays save saved saves says scammed scammer scammers scandal scandalous
    scared scary schedule scrap scratch search seat seems seen selfish sell serious seriously
    seventh several shall sham shambles shame shameful she shit shock shocked shocking short show
    shown shows shrug shut sick sigh sighs silent silly simple simply sir sit situation sketchy
    skip slow slowly small smart smh smile smiles snort so sob solve solved some somebody someday
    somehow someone something sometime sometimes somewhat sore sort soul sounds specific spend
    spent spot standby start started startled starts status stay steal stealing steep step stick
    stinks stolen stood stopped stops store strange strict strong stuck stunned stupidity such suck
    sucks sudden sue sued suffering suggestion suit sum sundays super superb supposed supposedly
    surely surprise surprised surprising suspect suspend suspended suspicious swear sweet swell
    swindle swindled swindlers syke take taken takes tax taxes tba tbd tears terms terrible
    terrific test tested text thank thanks that thats the their theirs them then there therefore
    these they thieving thing things thinks third this those threat threatened thrice thrilled
    through throughout thru thursdays thus ticket tight time timed times timid tired title together
    told ton took top topped toss total totally touch tough track tragic transfer trap trash treat
    trick tricked trouble true truly trust truth tsk tuesdays turn turned tut twice typical unable
    unacceptable unauthorised unauthorized unbelievable uncertain unclear undecided under
    understand understood unethical unfair unfit unheard unhelpful unimpressed unjust unjustified
    unknown unlawful unless unlike unlikely unnecessary unpaid unreal unreasonable unsatisfied
    unsigned untrue unusual unwilling up update updated upon upset urgent use used useful useless
    usual utter vague valid verbal verbatim verdict verified very veto via victim vile void volume
    voluntary vote waive waived wake walk want wanted wants warned warning warranty wary was wasn
    wasnt waste wasted watch way weak wednesdays weekdays weekend weekends weekly weeping weird
    welcome well were what whence whenever whereas wherefore wherever while whim whoa whoever whole
    whom whoop whose wild willing win winning wins wise wish wished wishes with won wondered
    wonderful woohoo word words work worked works world worried worry worse worst worth worthless
    woulda wow wrath wreck write writing written wtf yay yea year yearly years yep yer yet yikes yo
    you your yours yourself yuck yup zero zilch
"""
_FRENCH = """
    abandon abandonne abandonner absolument absurde abus abuse abusif accord accorde acompte adieu
    afin agace ah aie ailleurs aime aimerais ainsi ait ajoute ajouter ajuster allez allo allons
    alors amen ami amuse analyse ancien aout apparemment appel appelle applaudissements appliquer
    apres arbitraire argh arnaques arnaqueur arnaqueurs arrangement arrive arrivera assez assume
    assurance attaque attente attention au aucunement aurai aurais aurait autant autorisation
    autorise autrement avaler avance avant avec avertis avertissez avez aviser avisez avoir avons
    avril ayoye baisse baissez barbare bas base beau beaucoup beaute bel belle ben besoins bete
    betise bidon bien bientot bigre bingo bizarre bluff bof bon bonjour bonne bonsoir bordel bouh
    boum bravo bref brillant brr bye ca cadeau calcul caline calisse calvaire car caricature
    carrement cas casse ce ceci cela celle celui certain certaine certainement certains ces cesse
    cessez cet cette chacun chance chantage chapeau chaque chaud cherchez chialer chiant chic chut
    cible ciboire clair claire client cliente combien comique comme commencez comment communiquer
    compare comparer compliments comprends comprenez compris conditionnel conditionnelle
    conditionnellement confirmation confirme confirmez confus consentement conteste contester
    contraint contrainte contraire contre copie corrige corriger corrigez cote couac couic coup
    coupe coupez crime criss crisse croire croyez cruel curieux dame dans date de debile debut
    decembre decevant dechire decision declare deconne deduction deduire deduit degoute dehors deja
    delai demande demandez dement depart depense depenses depuis dernier derniere des desaccord
    desagreable desastre desespere desolant dessous dessus deuxieme devait devis devrait diable
    dieu difference different difficile dimanches diminuer direct dis discute discutez disons dites
    divers divise dois doivent dommage donc donnant donne donner donnez dont dormir doucement doute
    doutes doux droit drole du dur durant echec ecoeurant ecoeure ecoute ecoutez ecrire efface
    effacer effectivement egal egalement egare eh elle elles embete emmerde en encore enerve enfin
    enleve enlevez ennui enorme enrage ensemble ensuite entendre entendu entente entre envers
    environ epouvantable erreurs escroc escrocs escroquerie essaie essayer essayez est et etait etc
    etes etonnant etonne etrange eu euh eux evident exact exactement exageration exagere exaspere
    excellent exception excessif excessive excuse excuses excusez exemple exige exigence exiger
    explication expliquez expres extra extreme fabuleux fache facile facon faible faillite fais
    faisons fait faite faites fameux fantastique fatigue faudra faudrait fausse faute faux faveur
    felicitations ferme fermez feu fevrier fier fin finale fini finir fiou fixe fois fol folie
    folle force forcee formidable fort fou fourberie foutaise foutaises foutre foutu franc
    franchement frauduleux froid frustre furieuse furieux gaffe gagne garantie garde gardez
    gaspillage genial geniale gens gentil gloup grand grande grave gre gros grosse grotesque ha
    haha haine halte hasard haut hein helas hep heureuse heureux historique honnetement honte
    honteux hop horreur horrible horrifie hors hostie hourra hurle hypocrite ici idem idiotie il
    illegal illico ils imaginez immediatement immonde impaye important impossible impressionnant
    impressionne inacceptable inclus incluse incompetence incompetents inconnu incredule incroyable
    indecent indecis indecise indignation indigne infini information ininteressant injuste inquiet
    inquietant inquiete insense inspire insultant insulte interessant interesse interet intolerable
    inutile invalide invraisemblable ironie ironique ironiquement j jamais janvier jase je jeu
    jeudis jeux joie joli jolie jouet juge juillet juin juste justement la laisse laissez
    lamentable las le lendemain lent les lesquels leur leurs liberte libre lire loi loin long
    longtemps lorsque lu lui lundis lutte ma madame magnifique magnifiquement mai mal malade malgre
    manque mardis mars matin maudit maudite maudits mauvais mauvaise maximal mechant mefiance
    mefiant meilleur meilleure meme memes menace mensonge mensuel menteur menteurs merci mercredis
    merde merveille merveilleux mes message mets mettez mettre mi midi mieux mille minable mince
    miracle misere modification modifie modifier moi moindre moisi moment mon monsieur montant
    montrez moque moquerie moqueurs motif moutarde moyen moyennant n naif nanane nature
    naturellement neanmoins necessaire negatif negociable negocie negocier niaiserie niaiseux
    nickel nickels niet nombre normal normalement nos notre nous nouveau nouvel nouvelle novembre
    nuit nul nulle nullement obligation oblige obligee obtenez occasion octobre offre offrez
    offusque oh ok on onereux option optionnel ordre ose oser osti ostie ou ouache ouah ouais oubli
    oublie oubliez ouf ouin oups outre ouvert paf paix panique pantoute par parait parce pardi
    pardon pareil parfait parfaitement parfois parle parlez parmi parole part partage partagez
    partie partiel partielle partir partout passe passez patron patronne pauvre paye payez peine
    pendant penible penser pensez perdu permet permettez permis permission personne perte pesant
    petit petite peu peuh peur peux pff pfff pige pile pire pis piteux pitie pitoyable pitoyables
    place plaisanterie plait plein pleinement pleure pleurs plupart plusieurs pognez point
    policiers porte pot pouah pour poursuite poursuites pouvez pouvoir precise precisement precisez
    premier premiere prends prenez pres presque pressez preuve preuves prevenez prevenir prevu prie
    prochain prochaine profit promesse promettez promis propre protestations provisoire
    provisoirement prudence prudent pu puis puisque purement qu quel quelconque quelle quelles
    quelqu quelque quelques quels quinze quitte quoi racket rage raison rapide rapidement rapport
    ras rassure rate recommande reconsiderer recu reductions reduire reduisez reduit refacturer
    reflechis reflexion refus regret regrets regrette relisez remboursement remboursez remercie
    remettez remise renonce renoncer repondez reponse reporte reportez repos represailles reserver
    resigne resignee reste restez retard retour retrait reve revenez reves reviendrai reviens
    revient revise revision rire rires risible risque rude rumeur ruse sa sacrament sacre sais
    salaud salauds sale salut samedis sans sarcasme sarcastique scandale scandaleux selon septembre
    sera serait serieusement serieux ses seul seule signe silence simple simplement sinon sitot
    situation soi soir soiree soit solde son songe sont sortie sot sottise soudain souffle souhait
    soupir soupirs soutien souvent speciale strictement stupide stupidite su subito suffit suis
    suite suivant super superbe supprimer sur sure surement surprenant surpris surprise surtout
    suspect suspendez suspendre ta tabarnak tabarnane tabarnouche tabernacle tais taisez tandis
    tannant tanne tant tantot tas taxe taxes te telle tellement temporaire temporairement temps
    tenez tenter termine terminer tes test texto tien tiens tiguidou titre toi tolere tombe ton
    tort total totale totalement tous tout toute toutes trahison tranquille tres triche tricheur
    tricheurs triste tristesse trompe trop truc tu urgent utile va vais valable valide valoir vas
    vaut vendredis venez vent verbal verbale verite versement veuillez veulent veut veux vide videz
    vient vieux vif vilain violent vite vive vives voici voila voile voire volee voleur voleuse
    volontiers volte vos votre voulait voulez vouloir voulu voyez voyons vrai vraie vraiment vu
    yahou yeux youpi zero zut
"""

SENTENCE_WORDS = frozenset((_ENGLISH + _FRENCH).split())
_ENDINGS = re.compile(r"[a-z]+(?:ly|ment|ments|ing|ings|tion|tions|able|ible|less|ness)")


def is_sentence_word(word: str) -> bool:
    """Whether a plain word belongs to a sentence rather than to a name."""
    return word in SENTENCE_WORDS


def may_be_name(word: str) -> bool:
    """Whether a plain word that nothing bears out may be part of somebody's name."""
    return word not in SENTENCE_WORDS and not _ENDINGS.fullmatch(word)
