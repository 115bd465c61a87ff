package io.pptpoperator.operator.operate;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads which namespaces the operator looks after. */
final class WatchedNamespaces {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    private WatchedNamespaces() {}

    /**
     * The namespaces; none stands for all.
     *
     * @param text {@code all}, {@code own}, or names with commas between them
     * @throws IllegalArgumentException when it is something else
     */
    static Set<String> parse(String text, String own) {
        return switch (text.strip()) {
            case "all" -> Set.of();
            case "own" -> Set.of(own);
            default -> names(text);
        };
    }

    private static Set<String> names(String text) {
        var names = new TreeSet<String>();
        for (String name : text.split(",", -1)) {
            if (!NAME.matcher(name.strip()).matches()) {
                throw new IllegalArgumentException("--watch: '" + name.strip()
                        + "' is not a namespace; all, own, or a list such as vpn,branch would be right");
            }
            names.add(name.strip());
        }
        return names;
    }
}
