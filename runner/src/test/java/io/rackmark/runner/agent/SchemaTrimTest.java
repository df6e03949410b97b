package io.rackmark.runner.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.runner.agent.SchemaTrim.Table;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SchemaTrimTest {
    private static final SchemaTrim STORE =
            new SchemaTrim(
                    List.of(
                            table("Album", "Artist"),
                            table("Artist"),
                            table("Customer", "Employee"),
                            table("Employee", "Employee"),
                            table("Genre"),
                            table("Invoice", "Customer"),
                            table("InvoiceLine", "Invoice", "Track"),
                            table("MediaType"),
                            table("Playlist"),
                            table("PlaylistTrack", "Playlist", "Track"),
                            table("Track", "Album", "MediaType", "Genre")));

    @Test
    void neighboursNeedNoOtherTable() {
        assertThat(STORE.choose("Which artist has the most albums?"))
                .containsExactlyInAnyOrder("Artist", "Album");
    }

    @Test
    void tablesOnTheWayBetweenMatchesAreShown() {
        assertThat(STORE.choose("How many artists are there per genre?"))
                .containsExactlyInAnyOrder("Artist", "Album", "Track", "Genre");
    }

    @Test
    void partsOfCamelCaseNamesMatch() {
        assertThat(STORE.choose("List each genre and type of media"))
                .containsExactlyInAnyOrder("Genre", "Track", "MediaType");
    }

    @Test
    void pluralsMatchSingularsAndTheOtherWayRound() {
        SchemaTrim trim =
                new SchemaTrim(
                        List.of(
                                table("categories"),
                                table("Movie", "categories"),
                                table("addresses"),
                                table("person", "addresses"),
                                table("other", "person")));
        assertThat(trim.choose("movies of a category"))
                .containsExactlyInAnyOrder("Movie", "categories");
        assertThat(trim.choose("people and their address"))
                .containsExactlyInAnyOrder("person", "addresses");
    }

    @Test
    void fewerThanTwoMatchesShowEverything() {
        assertThat(STORE.choose("Which genre sells best?")).hasSize(11);
        assertThat(STORE.choose("")).hasSize(11);
    }

    @Test
    void tablesWithoutAForeignKeyPathStandAlone() {
        SchemaTrim trim =
                new SchemaTrim(List.of(table("Cat"), table("Dog"), table("Owner", "Dog", "Ghost")));
        assertThat(trim.choose("cats, dogs and their owners"))
                .containsExactlyInAnyOrder("Cat", "Dog", "Owner");
        assertThat(trim.choose("dogs and cats")).containsExactlyInAnyOrder("Cat", "Dog");
    }

    @Test
    void shortNamePartsAreNotTakenForWords() {
        SchemaTrim trim = new SchemaTrim(List.of(table("ListOfX"), table("Cat"), table("TV")));
        assertThat(trim.choose("TV of the cat")).containsExactlyInAnyOrder("TV", "Cat");
    }

    private static Table table(String name, String... references) {
        return new Table(name, Set.copyOf(Arrays.asList(references)));
    }
}
