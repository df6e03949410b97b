package io.rackmark.data;

import io.rackmark.data.SampleRows.Customer;
import io.rackmark.data.SampleRows.Track;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which track is bought next: a few artists sell most, and every customer has a favourite genre.
 */
final class SampleDemand {
    private final List<Track> tracks;

    /** Running sums of the tracks' popularity. */
    private final int[] sums;

    private final Map<Integer, List<Track>> byGenre;

    private SampleDemand(List<Track> tracks, int[] sums, Map<Integer, List<Track>> byGenre) {
        this.tracks = tracks;
        this.sums = sums;
        this.byGenre = byGenre;
    }

    static SampleDemand draw(SampleDraw draw, List<Track> tracks) {
        Map<Integer, Integer> popularity = new HashMap<>();
        int[] weights = new int[tracks.size()];
        Map<Integer, List<Track>> byGenre = new HashMap<>();
        for (int i = 0; i < weights.length; i++) {
            Track track = tracks.get(i);
            int artist =
                    popularity.computeIfAbsent(
                            track.album().artist().id(), id -> 1 + 60 / draw.between(1, 40));
            // A third of the catalogue hardly sells, whoever recorded it.
            weights[i] = draw.chance(33) ? 1 : artist * draw.between(1, 6);
            byGenre.computeIfAbsent(track.genreId(), id -> new ArrayList<>()).add(track);
        }
        byGenre.values().forEach(list -> list.sort(Comparator.comparingInt(Track::id)));
        return new SampleDemand(tracks, SampleDraw.cumulative(weights), byGenre);
    }

    /** The next track for this customer. */
    Track next(SampleDraw draw, Customer customer) {
        int favourite = tracks.get((customer.id() * 59) % tracks.size()).genreId();
        List<Track> liked = byGenre.getOrDefault(favourite, List.of());
        // A favourite with a handful of tracks could not fill a large basket.
        return liked.size() >= 60 && draw.chance(30)
                ? draw.pick(liked)
                : tracks.get(draw.weighted(sums));
    }
}
