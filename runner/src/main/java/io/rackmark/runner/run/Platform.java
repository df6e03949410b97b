package io.rackmark.runner.run;

import java.util.Locale;

/**
 * A kind of machine, and whether the engines have been run on it.
 *
 * @param title such as {@code Linux x86-64}
 * @param verified whether all tests of this version passed on such a machine
 */
record Platform(String title, boolean verified) {
    private static final String VERIFIED = "Linux x86-64";

    static Platform here() {
        return of(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
    }

    /**
     * @param os as in the system property os.name
     * @param architecture as in os.arch
     */
    static Platform of(String os, String architecture) {
        String chip =
                switch (architecture.toLowerCase(Locale.ROOT)) {
                    case "amd64", "x86_64" -> "x86-64";
                    default -> architecture;
                };
        String title = os + " " + chip;
        return new Platform(title, title.equals(VERIFIED));
    }
}
