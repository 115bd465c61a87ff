package io.pptpoperator.operator.operate;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads which namespaces are meant: those that the operator looks after, above all. */
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
            default -> names(text, "--watch", "all, own, or a list such as vpn,branch");
        };
    }

    /**
     * Some namespaces, or none.
     *
     * @param option whose value it is
     * @param text names with commas between them
     * @throws IllegalArgumentException when it is something else
     */
    static Set<String> names(String option, String text) {
        return text.isBlank() ? Set.of() : names(text, option, "a list such as monitoring,metrics");
    }

    private static Set<String> names(String text, String option, String right) {
        var names = new TreeSet<String>();
        for (String name : text.split(",", -1)) {
            if (!NAME.matcher(name.strip()).matches()) {
                throw new IllegalArgumentException(
                        option + ": '" + name.strip() + "' is not a namespace; " + right + " would be right");
            }
            names.add(name.strip());
        }
        return names;
    }
}
