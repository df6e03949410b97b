package io.rackmark.data;

import io.rackmark.data.SampleRows.Album;
import io.rackmark.data.SampleRows.Artist;
import io.rackmark.data.SampleRows.PlaylistEntry;
import io.rackmark.data.SampleRows.Track;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the store sells: artists, albums, tracks and the playlists made of them. */
record SampleCatalogue(
        List<Artist> artists, List<Album> albums, List<Track> tracks, List<PlaylistEntry> entries) {
    private static final int ARTISTS = 275;
    private static final int ARTISTS_WITH_ALBUMS = 204;
    private static final int ALBUMS = 347;
    private static final int TRACKS = 3503;
    private static final int PLAYLIST_ENTRIES = 8715;
    private static final int VIDEO_MEDIA_TYPE = 3;
    private static final int[] AUDIO_MEDIA_TYPES = {1, 2, 4, 5};
    private static final int[] AUDIO_MEDIA_TYPE_SUMS =
            SampleDraw.cumulative(new int[] {3034, 237, 12, 20});

    /** Built in a fixed order from one stream of draws. */
    static SampleCatalogue draw(SampleDraw draw) {
        List<Artist> artists = artists(draw);
        List<Album> albums = albums(draw, artists);
        List<Track> tracks = tracks(draw, albums);
        return new SampleCatalogue(artists, albums, tracks, entries(draw, tracks));
    }

    /** Whether tracks of this genre are films and episodes. */
    static boolean isVideo(int genreId) {
        return SampleWords.VIDEO_GENRES.contains(genre(genreId));
    }

    static String genre(int genreId) {
        return SampleWords.GENRES.get(genreId - 1);
    }

    private static List<Artist> artists(SampleDraw draw) {
        int[] sums = SampleDraw.cumulative(SampleWords.GENRE_WEIGHTS);
        List<Artist> artists = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        // The first 25 artists cover every genre once, so that no genre is without tracks.
        List<Integer> covering = new ArrayList<>();
        for (int genre = 1; genre <= SampleWords.GENRES.size(); genre++) {
            covering.add(genre);
        }
        covering = draw.shuffled(covering);
        while (artists.size() < ARTISTS) {
            int index = artists.size();
            int genre = index < covering.size() ? covering.get(index) : draw.weighted(sums) + 1;
            String name = isVideo(genre) ? showName(draw) : artistName(draw);
            if (taken.add(name)) {
                artists.add(new Artist(index + 1, name, genre));
            }
        }
        return artists;
    }

    private static String artistName(SampleDraw draw) {
        String adjective = draw.pick(SampleWords.ADJECTIVES);
        String noun = draw.pick(SampleWords.NOUNS);
        String person =
                draw.pick(SampleWords.FIRST_NAMES) + " " + draw.pick(SampleWords.LAST_NAMES);
        int kind = draw.below(100);
        if (kind < 28) {
            return "The " + adjective + " " + noun + "s";
        }
        if (kind < 52) {
            return adjective + " " + noun;
        }
        if (kind < 80) {
            return person;
        }
        if (kind < 90) {
            return person + " & The " + noun + "s";
        }
        return kind < 95 ? noun : draw.pick(SampleWords.FIRST_NAMES) + "'s " + noun;
    }

    private static String showName(SampleDraw draw) {
        return draw.chance(50)
                ? "The " + draw.pick(SampleWords.NOUNS) + " Files"
                : draw.pick(SampleWords.ADJECTIVES) + " " + draw.pick(SampleWords.NOUNS);
    }

    private static List<Album> albums(SampleDraw draw, List<Artist> artists) {
        List<Artist> owners = new ArrayList<>(artists.subList(0, ARTISTS_WITH_ALBUMS));
        while (owners.size() < ALBUMS) {
            owners.add(artists.get(draw.below(1 + draw.below(ARTISTS_WITH_ALBUMS))));
        }
        owners = draw.shuffled(owners);
        List<Album> albums = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        while (albums.size() < ALBUMS) {
            Artist owner = owners.get(albums.size());
            String title = isVideo(owner.genreId()) ? season(draw, owner) : albumTitle(draw);
            if (taken.add(title)) {
                albums.add(new Album(albums.size() + 1, title, owner, owner.genreId()));
            }
        }
        return albums;
    }

    private static String season(SampleDraw draw, Artist show) {
        return show.name() + ", Season " + draw.between(1, 8);
    }

    private static String albumTitle(SampleDraw draw) {
        String noun = draw.pick(SampleWords.NOUNS);
        String word = draw.pick(SampleWords.SONG_WORDS);
        int kind = draw.below(100);
        if (kind < 35) {
            return draw.pick(SampleWords.ADJECTIVES) + " " + word;
        }
        if (kind < 55) {
            return word + " and " + draw.pick(SampleWords.SONG_WORDS);
        }
        if (kind < 72) {
            return "The " + noun + " of " + word;
        }
        if (kind < 80) {
            String city = draw.pick(draw.pick(SamplePlace.ALL).cities()).name();
            return "Live in " + city + ", " + draw.between(1986, 2019);
        }
        return kind < 90 ? "Greatest Hits: " + noun : noun + "'s " + word;
    }

    private static List<Track> tracks(SampleDraw draw, List<Album> albums) {
        int[] lengths = {3, 6, 8, 10, 10, 12, 12, 14, 18, 24};
        int[] weights =
                albums.stream().mapToInt(a -> lengths[draw.below(lengths.length)]).toArray();
        int[] counts = draw.shares(TRACKS, weights);
        List<Track> tracks = new ArrayList<>();
        for (Album album : albums) {
            List<String> composers = composers(draw, album.artist());
            Set<String> taken = new HashSet<>();
            for (int left = counts[album.id() - 1]; left > 0; left--) {
                tracks.add(track(draw, tracks.size() + 1, album, taken, composers));
            }
        }
        return tracks;
    }

    private static List<String> composers(SampleDraw draw, Artist artist) {
        List<String> composers = new ArrayList<>();
        boolean solo = SampleWords.FIRST_NAMES.contains(artist.name().split(" ", 2)[0]);
        composers.add(solo ? artist.name().split(" & ", 2)[0] : person(draw));
        composers.add(person(draw));
        composers.add(composers.getFirst() + ", " + composers.get(1));
        return composers;
    }

    private static String person(SampleDraw draw) {
        return draw.pick(SampleWords.FIRST_NAMES) + " " + draw.pick(SampleWords.LAST_NAMES);
    }

    private static Track track(
            SampleDraw draw, int id, Album album, Set<String> taken, List<String> composers) {
        int genre = draw.chance(90) ? album.genreId() : neighbour(draw, album.genreId());
        boolean video = isVideo(genre);
        String name = trackName(draw, video);
        while (!taken.add(name)) {
            name = trackName(draw, video);
        }
        int milliseconds = video ? draw.between(1_260_000, 2_940_000) : songLength(draw);
        int bytes = milliseconds * (video ? draw.between(150, 200) : draw.between(28, 36));
        int media =
                video ? VIDEO_MEDIA_TYPE : AUDIO_MEDIA_TYPES[draw.weighted(AUDIO_MEDIA_TYPE_SUMS)];
        @Nullable String composer = video || draw.chance(24) ? null : draw.pick(composers);
        int cents = video ? 199 : 99;
        return new Track(id, name, album, media, genre, composer, milliseconds, bytes, cents);
    }

    /** Another genre of the same kind, so that several artists have more than one. */
    private static int neighbour(SampleDraw draw, int genre) {
        List<Integer> near =
                switch (genre(genre)) {
                    case "Rock", "Alternative & Punk", "Alternative" -> List.of(1, 1, 4, 4, 23, 5);
                    case "Metal", "Heavy Metal" -> List.of(3, 13, 1);
                    case "Jazz", "Blues", "Easy Listening", "Bossa Nova" -> List.of(2, 6, 12, 11);
                    case "Latin", "Reggae", "World" -> List.of(7, 7, 7, 8, 16, 11);
                    case "Pop", "R&B/Soul", "Electronica/Dance", "Hip Hop/Rap" ->
                            List.of(9, 14, 15, 17);
                    case "Science Fiction", "TV Shows", "Sci Fi & Fantasy", "Drama", "Comedy" ->
                            List.of(18, 19, 20, 21, 22);
                    default -> List.of(genre);
                };
        return draw.pick(near);
    }

    /** About two to seven minutes, rarely a long piece. */
    private static int songLength(SampleDraw draw) {
        if (draw.below(1000) < 12) {
            return draw.between(600_000, 1_180_000);
        }
        int sum = 0;
        for (int i = 0; i < 3; i++) {
            sum += draw.between(40_000, 135_000);
        }
        return sum;
    }

    private static String trackName(SampleDraw draw, boolean video) {
        String word = draw.pick(SampleWords.SONG_WORDS);
        String other = draw.pick(SampleWords.SONG_WORDS);
        String adjective = draw.pick(SampleWords.ADJECTIVES);
        String noun = draw.pick(SampleWords.NOUNS);
        if (video) {
            return draw.chance(50) ? "The " + adjective + " " + noun : word + " and " + other;
        }
        int kind = draw.below(100);
        if (kind < 30) {
            return adjective + " " + word;
        }
        if (kind < 50) {
            return noun + " of " + word;
        }
        if (kind < 62) {
            return word + " in the " + noun;
        }
        if (kind < 72) {
            return "Don't "
                    + draw.pick(List.of("Forget", "Leave", "Lose", "Blame"))
                    + " the "
                    + noun;
        }
        if (kind < 82) {
            return "My " + adjective + " " + noun;
        }
        return kind < 88 ? word + " (Live)" : word + " " + other;
    }

    private static List<PlaylistEntry> entries(SampleDraw draw, List<Track> tracks) {
        List<PlaylistEntry> entries = new ArrayList<>();
        add(draw, entries, "Music", 0, of(tracks, t -> !isVideo(t.genreId())));
        add(draw, entries, "TV Shows", 0, of(tracks, t -> isVideo(t.genreId())));
        List<Track> songs = of(tracks, t -> !isVideo(t.genreId()));
        List<Track> classical = in(tracks, "Classical", "Opera", "Soundtrack");
        List<Track> metal = in(tracks, "Metal", "Heavy Metal");
        add(draw, entries, "90's Music", 1477, songs);
        add(draw, entries, "Music Videos", 1, songs);
        add(draw, entries, "Brazilian Music", 39, in(tracks, "Latin", "Bossa Nova"));
        add(draw, entries, "Classical", 75, classical);
        add(draw, entries, "Classical 101 - Deep Cuts", 25, classical);
        add(draw, entries, "Classical 101 - Next Steps", 28, classical);
        add(draw, entries, "Classical 101 - The Basics", 22, classical);
        add(draw, entries, "Grunge", 15, in(tracks, "Alternative & Punk", "Alternative"));
        add(draw, entries, "Heavy Metal Classic", 26, metal);
        add(draw, entries, "On-The-Go 1", 12, songs);
        add(draw, entries, "Late Night Jazz", 64, in(tracks, "Jazz", "Blues", "Easy Listening"));
        add(draw, entries, "Dinner Party", 480, songs);
        add(draw, entries, "Road Trip", 1310, in(tracks, "Rock", "Pop", "Alternative", "Latin"));
        add(draw, entries, "Workout Mix", PLAYLIST_ENTRIES - entries.size(), songs);
        entries.sort(
                Comparator.comparingInt(PlaylistEntry::playlistId)
                        .thenComparingInt(PlaylistEntry::trackId));
        return entries;
    }

    private static List<Track> in(List<Track> tracks, String... genres) {
        return of(tracks, track -> List.of(genres).contains(genre(track.genreId())));
    }

    private static List<Track> of(List<Track> tracks, Predicate<Track> wanted) {
        return tracks.stream().filter(wanted).toList();
    }

    /** Adds {@code size} tracks of the pool to the playlist, or all of them when it is 0. */
    private static void add(
            SampleDraw draw, List<PlaylistEntry> entries, String name, int size, List<Track> pool) {
        int playlist = SampleWords.PLAYLISTS.indexOf(name) + 1;
        int count = size == 0 ? pool.size() : size;
        for (Track track : draw.shuffled(pool).subList(0, count)) {
            entries.add(new PlaylistEntry(playlist, track.id()));
        }
    }
}
