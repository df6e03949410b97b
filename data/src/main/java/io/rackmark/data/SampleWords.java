package io.rackmark.data;

import java.util.Arrays;
import java.util.List;

/** The fixed names of the store and the words its other names are made of. */
final class SampleWords {
    /** Genre names in id order, 1 to 25. */
    static final List<String> GENRES =
            split(
                    """
                    Rock|Jazz|Metal|Alternative & Punk|Rock And Roll|Blues|Latin|Reggae|Pop|Soundtrack
                    Bossa Nova|Easy Listening|Heavy Metal|R&B/Soul|Electronica/Dance|World|Hip Hop/Rap
                    Science Fiction|TV Shows|Sci Fi & Fantasy|Drama|Comedy|Alternative|Classical|Opera
                    """);

    /** How common each genre is among artists, in id order. */
    static final int[] GENRE_WEIGHTS = {
        190, 13, 37, 33, 2, 8, 46, 6, 6, 4, 2, 3, 3, 6, 4, 4, 4, 1, 4, 2, 4, 2, 5, 9, 1
    };

    /** Genres sold as video, at the higher price. */
    static final List<String> VIDEO_GENRES =
            List.of("Science Fiction", "TV Shows", "Sci Fi & Fantasy", "Drama", "Comedy");

    /** Media type names in id order, 1 to 5. */
    static final List<String> MEDIA_TYPES =
            List.of(
                    "MPEG audio file",
                    "Protected AAC audio file",
                    "Protected MPEG-4 video file",
                    "Purchased AAC audio file",
                    "AAC audio file");

    /** Playlist names in id order, 1 to 18. */
    static final List<String> PLAYLISTS =
            split(
                    """
                    Music|Movies|TV Shows|Audiobooks|90's Music|Workout Mix|Music Videos|Brazilian Music
                    Classical|Classical 101 - Deep Cuts|Classical 101 - Next Steps
                    Classical 101 - The Basics|Grunge|Heavy Metal Classic|On-The-Go 1|Road Trip
                    Late Night Jazz|Dinner Party
                    """);

    static final List<String> ADJECTIVES =
            split(
                    """
                    Amber|Ancient|Blue|Brave|Bright|Careless|Cold|Copper|Curious|Dark|Empty|Faded|Gentle
                    Green|Heavy|High|Honest|Idle|Invisible|Jagged|Little|Long|Loud|Lost|Lunar|Modern
                    Northern|Pale|Perfect|Plastic|Proud|Red|Royal|Sacred|Secret|Simple|Slow|Southern|Strange
                    Sudden|Tender|Velvet|Wandering|Warm|White|Wooden|Young
                    """);

    static final List<String> NOUNS =
            split(
                    """
                    Airport|Anchor|Arrow|Avenue|Balcony|Bell|Bird|Border|Bridge|Canyon|Carnival|Circus|Clock
                    Coast|Compass|Crown|Desert|Diary|Door|Echo|Empire|Engine|Feather|Festival|Field|Flame
                    Forest|Garden|Glass|Harbour|Hotel|Hunter|Island|Juliet|Kingdom|Ladder|Lantern|Letter
                    Lion|Machine|Magnet|Map|Market|Mirror|Mountain|Needle|Ocean|Orchard|Palace|Parade|Pilot
                    Planet|Portrait|Radio|Railway|River|Rocket|Satellite|Season|Shadow|Signal|Station
                    Sunday|Telephone|Temple|Tiger|Tower|Valley|Violin|Voyage|Wheel|Window
                    """);

    /** Song words, some with accents, as a real catalogue has them. */
    static final List<String> SONG_WORDS =
            split(
                    """
                    Afternoon|Alone|Angels|Blood|Boulevard|Café|Children|Chorus|Corazón|Coração|Dancing
                    Daylight|Devil|Distance|Dreams|Eternity|Falling|Fever|Fire|Freedom|Friends|Ghosts|Gold
                    Gravity|Heart|Heaven|Home|Hunger|January|Kisses|Laughter|Light|Lightning|Love|Luna
                    Memory|Midnight|Money|Morning|Mother|Música|Night|Nobody|Paradise|Promises|Rain|Running
                    Saudade|Silence|Sinner|Sky|Sleep|Smoke|Soldier|Stars|Stone|Storm|Stranger|Summer|Thunder
                    Time|Tomorrow|Trouble|Truth|Water|Whiskey|Wind|Winter|Wonder|Yesterday
                    """);

    static final List<String> FIRST_NAMES =
            split(
                    """
                    Adele|Ahmed|Aino|Albert|Alice|Amelia|André|Anita|Antonín|Beatriz|Benjamin|Bianca|Björn
                    Caio|Carla|Carmen|Cecilia|Charles|Chloé|Clara|Conor|Daniela|David|Deborah|Dominik|Elena
                    Emil|Erika|Esther|Felix|Florence|Gabriel|Georgia|Gustav|Harold|Helen|Hugo|Irene|Isaac
                    Jacob|Janet|Jonas|José|Judith|Karen|Katarzyna|Laura|Leon|Lena|Louise|Magda|Marcos|Maria
                    Matteo|Mina|Nathan|Nora|Oliver|Patricia|Paula|Pedro|Rachel|Ravi|Renée|Rosa|Samuel|Sean
                    Simon|Stella|Susan|Teresa|Thomas|Ulrike|Valentina|Vera|Walter|William|Yvonne|Zoe
                    """);

    static final List<String> LAST_NAMES =
            split(
                    """
                    Abbott|Andersson|Araújo|Baker|Barros|Bauer|Bennett|Blanchard|Brandt|Brown|Byrne|Carlsen
                    Carter|Castillo|Clark|Coleman|Collins|Cooper|Correia|Delgado|Diaz|Doyle|Duarte|Dvořák
                    Eriksen|Evans|Ferreira|Fischer|Fleming|Fontaine|Foster|García|Gomes|Graham|Hartmann
                    Hayes|Henderson|Horváth|Jansen|Jensen|Kaplan|Keller|Kelly|Krause|Lambert|Larsen|Laurent
                    Lefebvre|Lopes|Lundgren|Marchetti|Marshall|Martin|Mendes|Meyer|Moreau|Morgan|Müller
                    Nowak|O'Brien|O'Connor|O'Neill|Oliveira|Parker|Patel|Pereira|Pires|Reyes|Richter|Romano
                    Rossi|Russell|Sato|Schmidt|Sharma|Simpson|Sousa|Svoboda|Thompson|Turner|Vargas|Virtanen
                    Wagner|Walker|Watson|Weber|Whitfield|Young
                    """);

    static final List<String> COMPANY_ENDINGS =
            List.of("Inc.", "Ltd", "Group", "Studios", "& Sons");

    static final List<String> STREETS = List.of("Street", "Avenue", "Road", "Lane", "Square");

    static final List<String> MAIL_HOSTS =
            List.of("example.com", "example.net", "example.org", "mail.example.com");

    private SampleWords() {}

    /** Entries are separated by bars or line ends. */
    private static List<String> split(String block) {
        return Arrays.stream(block.strip().split("\\||\\R")).toList();
    }
}
