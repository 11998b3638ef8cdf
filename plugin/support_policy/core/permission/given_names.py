"""Given names of Canada, by which a name below an answer is known from other words.

Names that are as well words of a sentence (Will, May, Grant) are left out on purpose.
"""

from __future__ import annotations

_NAMES = """
    abel ada adam adelaide adele adeline adriana adrien agathe agnes ahmed aidan aiko aimee
    aisha alain alan alban albert albertine alberto alderic aldo alec alejandro alex alexa
    alexander alexandra alexandre alexis alfonso alfred ali alice alicia alina aline alison allan
    allison alma alphonse alvin amadou amanda amar amelie amina amir amy ana anais anastasia andre
    andrea andreanne andreas andree andrew angela angele angelica angelina angelique angelo angus
    anick anika anita ann anna annabelle anne annette annick annie annik anouk anselme anthony
    antoine anton antonio anya aoife archibald archie ariane ariel arjun armand armande arnaud
    arnold arsene arthur arturo ashley asma astrid athena audrey auguste augustin aurelie aurelien
    aurore ava avery axel aziz baptiste barb barbara barry bartholomew basil bastien beatrice
    beatrix bella ben benedict benedicte benito benjamin benoit bernadette bernard bernice bert
    bertha berthe bertrand beth bettina beverly bianca bilal blaise blanche blandine bob boris brad
    bradley brandon brenda brent brett brian bridget brigitte brittany brooke bruce bruno bryan
    bryce byron caleb calvin cameron camille candice cara carey carl carla carlos carly carmel
    carmela carmen carol carole carolina caroline carrie casey casimir cassandra catherine cathy
    cecile cecilia cedric cedrik celeste celestin celina celine cesar chad chandra chantal charlene
    charles charlie charlotte chelsea cheryl chiara chloe chris christelle christian christiana
    christiane christianne christina christine christophe christopher ciara cindy claire clara
    claude claudette claudia claudine claudio clemence clement clementine cleo clifford clinton
    clive clotilde clovis cody colette colin colleen conrad constance cora coralie cordelia
    corentin corey corinne cornelius corwin cory cosette courtney craig crystal curtis cynthia
    cyril cyrille daisy dale damian damien dan danica daniel daniela danielle danika danny daphne
    darcy darius darlene darren darryl daryl dave david dean deanna deborah debra declan deepak
    delia della delphine demetrius denis denise dennis denyse derek desmond devon dexter diana
    diane diego dimitri dina dinesh dino dirk djamila dolores dominic dominik dominique donald
    donat donna donovan dora doreen doris dorothy doug douglas doyle drake drew duncan dustin
    dwayne dwight dylan eddie eddy edgar edgard edison edith edmond edmund edouard edward edwin
    eileen elaine eleanor elena eliane elias elie elijah eliot eliott elisa elisabeth elise eliza
    elizabeth ella ellen elliot elliott elodie elsa elsie elton elza emelie emerentienne emery
    emile emilia emilie emilien emilienne emilio emily emma emmanuel emmanuelle enrico enrique enzo
    eric erica erick erik erika erin ernest ernestine erwin esmeralda esteban estelle esther ethan
    ethel etienne eudes eugene eugenie eustache eva evan evangeline eve evelyn evelyne ezekiel ezra
    fabien fabienne fabrice fanchon fanny farah fares fatima fatoumata faye felicia felicie
    felicite felix ferdinand fernand fernande fernando fiadh filip fintan fiona firmin flavie flora
    flore florence florent florian floyd fortunat france francesca francesco francine francis
    franck francois francoise frank fred freddie frederic frederick frederique frida frieda
    fulgence gabriel gabriela gabrielle gael gaelle gaetan gail galina gareth garry gary gaspard
    gaston gavin gemma genevieve geoffrey george georges gerald geraldine gerard germain germaine
    gerry gertrude ghislain ghislaine giancarlo gilbert gilberte gilda gilles gillian gina ginette
    giorgio giovanni gisela gisele giulia gladys glen glenn gloria godfrey gontran gordie gordon
    graeme graham gratien greg gregory greta gretchen guadalupe guido guilhem guillaume gunther gus
    gustave guy guylaine gwen gwenaelle gwendolyn hadrien hakim hal hamid hamza hannah hans harold
    harriet harriette harry hasan hassan hazel heather hector hedwig heidi helen helena helene
    helga helmut henri henriette henry herbert herman hermenegilde hermine herve hilary hilda
    hildegarde hiroshi holly honore horace hortense howard hubert hugo huguette humphrey hyacinthe
    hyun ian ibrahim ida idris ignace igor ilana imani imelda imran indira ines ingrid ira irene
    irina iris irma irwin isaac isabel isabelle isaias isidore isis ivan ivanka ivy jacinthe jack
    jackie jackson jaclyn jacob jacquelin jacqueline jacques jacynthe jade jagdeep jaime jake jamal
    james jamie jamila jan jana jane janelle janet janette janice janie janine jared jarrod jasmine
    jason jasper javier jean jeanne jeannette jeannine jeannot jed jeff jeffrey jennifer jenny
    jeremiah jeremie jeremy jermaine jerome jesse jessica jessie jill jim jimmy jin jing jo joachim
    joan joann joanna joanne joannie joaquin jocelyn jocelyne jody joe joel joelle johann johanne
    johannes john johnny jon jonas jonathan jordan jorge jose josee joseph josephine josette josh
    joshua josiane josie jovan joyce juan juanita judi judith judy jules julia julian juliana
    julianne julie julien juliet juliette justin justine kaitlyn kamal kamala kara kareem karel
    karen karim karine karl karla kasey kassandra kate katherine kathleen kathryn kathy katia katie
    katrina kavita kaye keisha keith kellie kelly kelsey ken kendra kenji kenneth kent kerry kevin
    khadija khalid kieran kim kiran kirk kirsten kristen kristin kristina kristine kurt kyle kylie
    lakshmi lamar lambert lan lana lance larissa larry lars latifa latoya laura laure laurence
    laurent laurette lauriane laurie laurier laurin lawrence layla lea leah leandre leandro lee
    leila lena lenny leo leola leon leona leonard leonardo leonce leonel leonide leonie leontine
    leopold leroy leslie lester levi liam liane libby lilian liliane lillian lily lina linda linh
    linus lionel lisa lisbeth lise lisette liz lizzie lloyd logan loic lola lorena lorenzo loretta
    lori lorie lorna lorraine lou louella louis louisa louise louisette lowell lubna luc lucas
    lucette lucia luciana luciano lucie lucien lucienne lucille lucinda lucretia lucy ludivine
    ludovic luigi luis luisa luka lukas luke lydia lyle lynda lyne lynette lynn lyse mabel maddie
    madeleine madison mael maelle magali magda magdalena magdalene magella maggie mahmoud maia
    maika majid malcolm malik malika mallory mandy manny manoj manon manuel mara marc marcel
    marcela marcelle marcellin marcelline marcia marco marcus marek margaret margarita margaux
    margery margie margo margot marguerita marguerite maria mariam marian mariana marianne
    mariannick marie marielle mariette marika marilou marilyn marilyne marina mario marion marisa
    marisol marissa maritza marius marjolaine marjorie marlene marlon marsha marshall martha marthe
    martin martina martine marvin mary maryam maryann marylene maryline marylou maryse mateo
    mathieu mathilde mathis matilda matt matthew matthias matthieu maud maude maureen maurice
    mauricette maxence maxime maximilien maya mckenzie meagan meera megan meghan mehdi mei mel
    melania melanie melina melinda melissa melvin mercedes meredith mervyn mia micah michael michel
    michele micheline michelle mickael miguel mike mikhail mila milan mildred miles milly milo
    milton mimi mina minh miranda mireille miriam misha mitch mitchell mohamad mohamed mohammed
    moira mona monica monique morgan morris moses mounir moussa muriel murielle murray mustafa mya
    mylene myles myra myriam myrtle nabil nadeem nadege nadia nadine naima nancy nanette naomi
    narcisse nat natacha natalie natasha nathalia nathalie nathan nathaniel ndidi ned neil nellie
    nelly nelson nestor nguyen nicholas nick nicky nico nicolas nicole nicoletta nigel nikita nikki
    nikolas nils nina nita noah noel noella noemi noemie nolan nora norah norbert noreen norm norma
    norman normand nour nuala odette odile odilon ola olaf olga olive oliver olivia olivier
    oluwaseun omar omer ondine oriane orlando orville oscar osman oswald otis otto ousmane ovide
    ovila owen pablo paige pam pamela paola paolo pascal pascale pat patrice patricia patrick patsy
    patty paul paula paulette paulin pauline paulo pearl pedro peggy penelope penny perceval percy
    perla pete peter petra petronille phil philibert philip philippe phillip philomene phoebe
    phyllis pia pier piero pierre pierrette piers polly prakash preston priscilla priya priyanka
    prosper quentin quincy quinn rachel rachelle rachid rafael rafik raj rajesh ralph ramon ramona
    randall randy raoul raphael raphaelle rashid raul ravi ray raymond raymonde rebecca reda regina
    reginald regine regis reid reina reine reinhard rejean rejeanne remi remus renata renato renaud
    renaude rene renee reuben rex reynald reza rhea rhoda rhonda ricardo richard rick rickey ricky
    riley rita rivka rob robbie robert roberta roberto robin rocco roch rochelle rod roderick
    rodger rodney rodolphe rodrigo rodrigue rogelio roger rohan roland rolande rolf rollande romain
    romane romeo romuald romy ron ronald ronan ronda ronnie rory rosa rosaire rosalia rosalie
    rosalind rosanna rosanne rosario roseline rosemarie rosemary rosie ross roxane roxanne roy
    ruben ruby rudolf rudy rufus rupert russell ruth ryan sabrina sacha sadie sakura salim salima
    sally salma salomon salvador salvatore sam samantha samir sammy samuel sana sandeep sander
    sandie sandra sandrine sandy sanjay santiago saoirse sara sarah sasha saul savannah scarlett
    scott seamus sean sebastien selena selma seraphin seraphine serena serge sergio seth severin
    severine shannon sharon shaun shauna shawn shawna sheila sheldon shelley sherri sherry shirley
    siddharth sidney sidonie sienna sigmund sigrid silvia silvio simeon simon simone simonne
    siobhan sofia solange soledad solene sonia soo sophia sophie soraya spencer stacey stacy stan
    stanislas stanley stefan stella stephan stephane stephania stephanie stephen steve steven stew
    stewart stuart sue sukhdeep sukhwinder suleiman sunil susan suzanna suzanne suzette suzie
    svetlana sybil sydney sylvain sylvester sylvette sylvia sylviane sylvie tabitha talia tamara
    tamika tammy tamsin tanguy tania tanya tariq tasha tatiana taylor ted teddy telesphore teresa
    terrance terrence terry tessa thaddeus thais thea thelma theo theodora theodore theophile
    theresa therese thierry thomas tiffany tim timothee timothy tina tobias toby todd tom tomas
    tommy toni tony tracy trent trevor tricia tristan trudy tyler tyrone ulric ulysse uma umberto
    urbain ursula ursule valentin valentina valentine valeria valerie valery vance vanessa vanna
    vera verna vernon veronica veronique vickie vicky victoire victor victoria victorine vijay
    vikram vilma vince vincent vincente viola violaine violet violette virgil virgile virginia
    virginie vito vivek vivian viviane vladimir wade wallace wally walter wanda warren wayne wei
    wendell wendy wesley whitney wilbert wilbur wilfred wilfrid wilhelmina willard willem william
    willie wilma wilson winifred winnie winston woodrow wyatt xander xavier xaviere xenia ximena
    xin xiomara yacine yael yaelle yan yanick yann yannick yasmin yasmina yasmine yolanda yolande
    younes yousef yousra youssef yuki yuri yusuf yvain yvan yvanna yves yvette yvon yvonne yvonnick
    zachariah zacharie zachary zack zahra zaid zaida zainab zara zeke zelda zenaide zephirin zoe
    zoltan zora zuzanna
"""

GIVEN_NAMES = frozenset(_NAMES.split())
