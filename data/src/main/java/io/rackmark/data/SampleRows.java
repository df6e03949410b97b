package io.rackmark.data;

import org.jspecify.annotations.Nullable;

/** The rows of the sample database, one record per table whose rows the builder reads again. */
final class SampleRows {
    private SampleRows() {}

    record Artist(int id, String name, int genreId) {}

    record Album(int id, String title, Artist artist, int genreId) {}

    record Track(
            int id,
            String name,
            Album album,
            int mediaTypeId,
            int genreId,
            @Nullable String composer,
            int milliseconds,
            int bytes,
            int priceCents) {}

    /** One track's place in a playlist. */
    record PlaylistEntry(int playlistId, int trackId) {}

    record Address(
            String street,
            String city,
            @Nullable String state,
            String country,
            String postalCode) {}

    record Employee(
            int id,
            String lastName,
            String firstName,
            String title,
            @Nullable Integer reportsTo,
            String birthDate,
            String hireDate,
            Address address,
            String phone,
            String fax,
            String email) {}

    record Customer(
            int id,
            String firstName,
            String lastName,
            @Nullable String company,
            Address address,
            String phone,
            @Nullable String fax,
            String email,
            int supportRepId) {}

    record Invoice(int id, Customer customer, String date, int totalCents) {}

    record InvoiceLine(int id, int invoiceId, int trackId, int priceCents, int quantity) {}
}
