package io.rackmark.model.pull;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The hosts that are reached without a proxy: names with all their subdomains, addresses, {@code
 * 10.0.0.0/8}, each with an optional port, or {@code *}. This machine itself always is.
 */
final class NoProxy {
    private final List<String> entries;

    /** The value of {@code NO_PROXY}: entries between commas or blanks. */
    NoProxy(String value) {
        entries =
                Arrays.stream(value.toLowerCase(Locale.ROOT).split("[,\\s]+", -1))
                        .filter(entry -> !entry.isEmpty())
                        .toList();
    }

    boolean covers(String host, int port) {
        String plain = host.toLowerCase(Locale.ROOT).replaceAll("^\\[|]$", "");
        Optional<InetAddress> address = literal(plain);
        if (plain.equals("localhost")
                || address.map(InetAddress::isLoopbackAddress).orElse(false)) {
            return true;
        }
        return entries.stream().anyMatch(entry -> fits(entry, plain, port, address));
    }

    private static boolean fits(
            String entry, String host, int port, Optional<InetAddress> address) {
        if (entry.equals("*")) {
            return true;
        }
        if (entry.indexOf('/') > 0) {
            return address.isPresent() && inNetwork(entry, address.get());
        }
        String wanted = entry;
        int colon = entry.lastIndexOf(':');
        if (colon > 0 && entry.indexOf(':') == colon) {
            if (!entry.substring(colon + 1).equals(Integer.toString(port))) {
                return false;
            }
            wanted = entry.substring(0, colon);
        }
        String name = wanted.replaceFirst("^\\*?\\.", "").replaceAll("^\\[|]$", "");
        return host.equals(name) || host.endsWith("." + name);
    }

    private static boolean inNetwork(String entry, InetAddress address) {
        int slash = entry.indexOf('/');
        Optional<InetAddress> network = literal(entry.substring(0, slash));
        if (network.isEmpty() || !entry.substring(slash + 1).matches("[0-9]{1,3}")) {
            return false;
        }
        byte[] wanted = network.get().getAddress();
        byte[] found = address.getAddress();
        int bits = Integer.parseInt(entry.substring(slash + 1));
        if (wanted.length != found.length || bits > 8 * wanted.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % 8);
            if ((wanted[bit / 8] & mask) != (found[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    /** The address that is written out; names are never looked up here. */
    private static Optional<InetAddress> literal(String host) {
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
