"""Given names of Canada, by which a name below an answer is known from other words.

Names that are as well words of a sentence (Will, May, Grant) are left out on purpose.
"""

from __future__ import annotations

_NAMES = """
    adam adele adrien agathe ahmed alain alan albert alex alexa alexander alexandra alexandre
    alexis ali alice alicia alison amanda amelie amy ana andre andrea andreanne andree andrew
    angela angele anick anita ann anna annabelle anne annick annie anthony antoine antonio
    ariane arthur audrey aurelie aziz barbara beatrice ben benjamin benoit bernadette bernard
    beth bob brad brandon brenda brian brigitte bruno bryan caleb cameron camille carl carla
    carmen carol carole caroline catherine cathy cecile cedric celine chantal charles charlotte
    chloe chris christian christiane christina christine christophe christopher claire clara
    claude claudette claudia claudine clement colette colin corinne craig cynthia damien dan
    daniel daniela danielle danny dave david dean deborah debra denis denise derek diana diane
    dominic dominique donald donna doris dorothy douglas edith edward elaine eleanor elena
    eliane elisabeth elise elizabeth ella ellen elodie emilie emily emma emmanuel eric erica
    erik erin ernest esther ethan etienne eugene eva eve evelyn evelyne fabien fabrice fanny
    fatima felix fernand florence france francine francis franck francois francoise frank fred
    frederic frederick frederique gabriel gabrielle gaetan gary genevieve geoffrey george
    georges gerald gerard germain ghislain gilbert gilles ginette gisele gloria gordon greg
    gregory guillaume gustave guy guylaine hannah hans harold harry hassan heather hector helen
    helena helene henri henry herve hubert hugo ian ibrahim ines ingrid irene isaac isabel
    isabelle jack jacob jacqueline jacques jade james jamie jan jane janet janice jasmine jason
    jean jeanne jeannine jeff jeffrey jennifer jenny jeremie jeremy jerome jesse jessica jill
    jim jimmy joan joanne jocelyn jocelyne joe joel joelle johanne john jonathan jordan jose
    josee joseph josh joshua josiane joyce juan judith julia julian julie julien juliette justin
    karen karim karine kate katherine kathleen kathy katia keith kelly ken kenneth kevin kim
    kristen kyle lance larry laura laure laurence laurent laurie lea leah leo leon leonard
    leslie liam lily linda lionel lisa lise lisette logan lorraine louis louise luc lucas lucie
    lucien lucy luis luke lyne lynn madeleine magali maggie manon manuel marc marcel marco
    margaret marguerite maria marianne marie mariette marilyn mario marion marjolaine martha
    marthe martin martine mary maryse mathieu matthew maude maurice maxime megan melanie melissa
    michael michel michele micheline michelle miguel mike mireille mohamed mohammed monica
    monique myriam nadia nadine nancy natalie natasha nathalie nathan neil nicholas nick nicolas
    nicole noah noel noemie normand odette oliver olivia olivier omar oscar pamela pascal
    pascale patrice patricia patrick paul paula pauline pedro peter philip philippe phillip
    pierre pierrette priya rachel rachid ralph raphael ray raymond rebecca regis rejean remi
    renaud rene renee richard rick rita rob robert roberto robin roger roland romain ron ronald
    rosalie roxanne russell ruth ryan sabrina sally sam samantha samir samuel sandra sandrine
    sara sarah scott sean sebastien serge sergio shannon sharon shawn sheila simon simone sofia
    solange sonia sophia sophie stacy stefan stephan stephane stephanie stephen steve steven
    stuart sue susan suzanne sylvain sylvia sylvie tania tanya ted teresa terry theo theresa
    therese thierry thomas tim timothy tina todd tom tony tracy trevor valerie vanessa veronique
    victor vincent virginie vivian walter wendy william xavier yan yanick yann yannick yasmine
    yolande yvan yves yvette yvon yvonne zachary zoe
"""

GIVEN_NAMES = frozenset(_NAMES.split())
