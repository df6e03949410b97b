package io.rackmark.data;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A country customers live in.
 *
 * @param dialCode international calling code, digits only
 * @param customers how many of the 59 customers live there
 */
record SamplePlace(String country, int dialCode, int customers, List<City> cities) {
    record City(String name, @Nullable String state) {}

    static final List<SamplePlace> ALL =
            List.of(
                    place(
                            "USA",
                            1,
                            13,
                            "New York/NY",
                            "Chicago/IL",
                            "Boston/MA",
                            "Redmond/WA",
                            "Tucson/AZ",
                            "Madison/WI",
                            "Orlando/FL",
                            "Reno/NV",
                            "Fort Worth/TX"),
                    place(
                            "Canada",
                            1,
                            8,
                            "Toronto/ON",
                            "Montréal/QC",
                            "Vancouver/BC",
                            "Halifax/NS",
                            "Winnipeg/MB"),
                    place("France", 33, 5, "Paris", "Lyon", "Bordeaux", "Dijon"),
                    place("Brazil", 55, 5, "São Paulo/SP", "Rio de Janeiro/RJ", "Brasília/DF"),
                    place("Germany", 49, 4, "Berlin", "Stuttgart", "Frankfurt"),
                    place("United Kingdom", 44, 3, "London", "Edinburgh"),
                    place("Portugal", 351, 2, "Lisbon", "Porto"),
                    place("India", 91, 2, "Delhi", "Bangalore"),
                    place("Czech Republic", 420, 2, "Prague"),
                    place("Sweden", 46, 1, "Stockholm"),
                    place("Spain", 34, 1, "Madrid"),
                    place("Poland", 48, 1, "Warsaw"),
                    place("Norway", 47, 1, "Oslo"),
                    place("Netherlands", 31, 1, "Amsterdam/NH"),
                    place("Italy", 39, 1, "Rome/RM"),
                    place("Ireland", 353, 1, "Dublin/Dublin"),
                    place("Hungary", 36, 1, "Budapest"),
                    place("Finland", 358, 1, "Helsinki"),
                    place("Denmark", 45, 1, "Copenhagen"),
                    place("Chile", 56, 1, "Santiago"),
                    place("Belgium", 32, 1, "Brussels"),
                    place("Austria", 43, 1, "Vienna"),
                    place("Australia", 61, 1, "Sydney/NSW"),
                    place("Argentina", 54, 1, "Buenos Aires"));

    /** Cities are written {@code name} or {@code name/state}. */
    private static SamplePlace place(
            String country, int dialCode, int customers, String... cities) {
        return new SamplePlace(
                country,
                dialCode,
                customers,
                List.of(cities).stream().map(SamplePlace::city).toList());
    }

    private static City city(String text) {
        int slash = text.indexOf('/');
        return slash < 0
                ? new City(text, null)
                : new City(text.substring(0, slash), text.substring(slash + 1));
    }
}
