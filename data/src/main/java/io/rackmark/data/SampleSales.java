package io.rackmark.data;

import io.rackmark.data.SampleRows.Address;
import io.rackmark.data.SampleRows.Customer;
import io.rackmark.data.SampleRows.Employee;
import io.rackmark.data.SampleRows.Invoice;
import io.rackmark.data.SampleRows.InvoiceLine;
import io.rackmark.data.SampleRows.Track;
import java.text.Normalizer;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who works and buys in the store, and what was bought in the five years 2021 to 2025. */
record SampleSales(
        List<Employee> employees,
        List<Customer> customers,
        List<Invoice> invoices,
        List<InvoiceLine> lines) {
    private static final int INVOICES = 412;
    private static final int LINES = 2240;
    private static final LocalDate FIRST_DAY = LocalDate.of(2021, 1, 1);
    private static final LocalDate LAST_DAY = LocalDate.of(2025, 12, 22);

    /** Built in a fixed order from one stream of draws. */
    static SampleSales draw(SampleDraw draw, List<Track> tracks) {
        List<Employee> employees = employees(draw);
        List<Customer> customers = customers(draw);
        List<InvoiceLine> lines = new ArrayList<>();
        List<Invoice> invoices = invoices(draw, customers, tracks, lines);
        return new SampleSales(employees, customers, invoices, lines);
    }

    private static List<Employee> employees(SampleDraw draw) {
        return List.of(
                employee(draw, 1, "Helen Whitfield", "General Manager", null, "Edmonton"),
                employee(draw, 2, "Marcos Delgado", "Sales Manager", 1, "Calgary"),
                employee(draw, 3, "Judith Parker", "Sales Support Agent", 2, "Calgary"),
                employee(draw, 4, "Simon Keller", "Sales Support Agent", 2, "Calgary"),
                employee(draw, 5, "Nora Byrne", "Sales Support Agent", 2, "Calgary"),
                employee(draw, 6, "Albert Larsen", "IT Manager", 1, "Calgary"),
                employee(draw, 7, "Rachel Patel", "IT Staff", 6, "Lethbridge"),
                employee(draw, 8, "Thomas Duarte", "IT Staff", 6, "Lethbridge"));
    }

    private static Employee employee(
            SampleDraw draw,
            int id,
            String name,
            String title,
            @Nullable Integer reportsTo,
            String city) {
        String[] parts = name.split(" ", 2);
        LocalDate hired = LocalDate.of(2012, 1, 9).plusDays(id * 137L + draw.below(90));
        LocalDate born = LocalDate.of(draw.between(1962, 1990), draw.between(1, 12), 1);
        String postalCode =
                "T%dP %dM%d".formatted(draw.between(1, 9), draw.between(1, 9), draw.between(1, 9));
        Address address = new Address(street(draw), city, "AB", "Canada", postalCode);
        return new Employee(
                id,
                parts[1],
                parts[0],
                title,
                reportsTo,
                stamp(born.plusDays(draw.below(28))),
                stamp(hired),
                address,
                "+1 (403) 555-%04d".formatted(draw.below(10_000)),
                "+1 (403) 555-%04d".formatted(draw.below(10_000)),
                ascii(parts[0]) + "@store.example.com");
    }

    private static List<Customer> customers(SampleDraw draw) {
        List<SamplePlace> homes = new ArrayList<>();
        for (SamplePlace place : SamplePlace.ALL) {
            for (int i = 0; i < place.customers(); i++) {
                homes.add(place);
            }
        }
        homes = draw.shuffled(homes);
        List<String> firstNames = draw.shuffled(SampleWords.FIRST_NAMES);
        List<String> lastNames = draw.shuffled(SampleWords.LAST_NAMES);
        List<Integer> reps = new ArrayList<>();
        for (int i = 0; i < homes.size(); i++) {
            reps.add(i < 22 ? 3 : i < 42 ? 4 : 5);
        }
        reps = draw.shuffled(reps);
        List<Customer> customers = new ArrayList<>();
        for (int i = 0; i < homes.size(); i++) {
            String first = firstNames.get(i);
            customers.add(
                    customer(draw, i + 1, first, lastNames.get(i), homes.get(i), reps.get(i)));
        }
        return customers;
    }

    private static Customer customer(
            SampleDraw draw, int id, String first, String last, SamplePlace home, int rep) {
        SamplePlace.City city = draw.pick(home.cities());
        String postalCode = String.valueOf(draw.between(10_000, 99_999));
        String street = street(draw);
        @Nullable String company = draw.chance(17) ? company(draw) : null;
        String phone = phone(draw, home);
        @Nullable String fax = draw.chance(20) ? phone(draw, home) : null;
        String email = ascii(first) + "." + ascii(last) + "@" + draw.pick(SampleWords.MAIL_HOSTS);
        Address address =
                new Address(street, city.name(), city.state(), home.country(), postalCode);
        return new Customer(id, first, last, company, address, phone, fax, email, rep);
    }

    private static String street(SampleDraw draw) {
        return draw.between(1, 990)
                + " "
                + draw.pick(SampleWords.NOUNS)
                + " "
                + draw.pick(SampleWords.STREETS);
    }

    private static String company(SampleDraw draw) {
        return draw.pick(SampleWords.LAST_NAMES) + " " + draw.pick(SampleWords.COMPANY_ENDINGS);
    }

    private static String phone(SampleDraw draw, SamplePlace place) {
        return "+%d %d".formatted(place.dialCode(), draw.between(2_000_000, 9_999_999));
    }

    /** Lower case letters without accents or apostrophes, for mail addresses. */
    private static String ascii(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFD)
                .replaceAll("[^A-Za-z]", "")
                .toLowerCase(Locale.ROOT);
    }

    private static List<Invoice> invoices(
            SampleDraw draw,
            List<Customer> customers,
            List<Track> tracks,
            List<InvoiceLine> lines) {
        SampleDemand demand = SampleDemand.draw(draw, tracks);
        List<Customer> buyers = buyers(draw, customers);
        int[] days = days(draw);
        int[] sizes = {1, 1, 2, 2, 4, 4, 6, 9, 14};
        int[] weights = new int[INVOICES];
        Arrays.setAll(weights, i -> sizes[draw.below(sizes.length)]);
        int[] counts = draw.shares(LINES, weights);
        List<Invoice> invoices = new ArrayList<>();
        for (int i = 0; i < INVOICES; i++) {
            Customer buyer = buyers.get(i);
            int total = 0;
            Set<Track> basket = new HashSet<>();
            while (basket.size() < counts[i]) {
                Track track = demand.next(draw, buyer);
                if (basket.add(track)) {
                    int quantity = draw.chance(3) ? 2 : 1;
                    total += track.priceCents() * quantity;
                    lines.add(line(lines.size() + 1, i + 1, track, quantity));
                }
            }
            invoices.add(new Invoice(i + 1, buyer, stamp(FIRST_DAY.plusDays(days[i])), total));
        }
        return invoices;
    }

    private static InvoiceLine line(int id, int invoiceId, Track track, int quantity) {
        return new InvoiceLine(id, invoiceId, track.id(), track.priceCents(), quantity);
    }

    /** Every customer buys at least once, some far more often than others. */
    private static List<Customer> buyers(SampleDraw draw, List<Customer> customers) {
        int[] weights = new int[customers.size()];
        Arrays.setAll(weights, i -> draw.between(3, 10));
        int[] counts = draw.shares(INVOICES, weights);
        List<Customer> buyers = new ArrayList<>();
        for (Customer customer : customers) {
            for (int i = 0; i < counts[customer.id() - 1]; i++) {
                buyers.add(customer);
            }
        }
        return draw.shuffled(buyers);
    }

    /** Sorted day numbers; the first and the last day of trade are always among them. */
    private static int[] days(SampleDraw draw) {
        int span = (int) ChronoUnit.DAYS.between(FIRST_DAY, LAST_DAY);
        int[] days = new int[INVOICES];
        Arrays.setAll(days, i -> draw.between(0, span));
        days[0] = 0;
        days[INVOICES - 1] = span;
        Arrays.sort(days);
        return days;
    }

    private static String stamp(LocalDate day) {
        return day + " 00:00:00";
    }
}
