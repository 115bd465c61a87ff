package io.pptpoperator.kubectl.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that somebody meant who typed one that is not there. */
public final class DidYouMean {

    private DidYouMean() {}

    /** The end of a sentence that says which name may have been meant; empty when none is like it. */
    public static String of(String typed, Collection<String> names) {
        return nearest(typed, names).map(it -> "; did you mean " + it + "?").orElse("");
    }

    /** The name that takes the fewest slips of the fingers to become what was typed, a third of its letters at most. */
    static Optional<String> nearest(String typed, Collection<String> names) {
        int most = Math.max(1, typed.length() / 3);
        return names.stream()
                .filter(name -> slips(typed, name) <= most)
                .min(Comparator.comparingInt((String name) -> slips(typed, name)).thenComparing(name -> name));
    }

    /** Letters left out, too many, wrong, or changed over with their neighbour. */
    private static int slips(String one, String other) {
        var distance = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                if (i == 0 || j == 0) {
                    distance[i][j] = i + j;
                    continue;
                }
                int replaced = distance[i - 1][j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                int least = Math.min(replaced, Math.min(distance[i - 1][j], distance[i][j - 1]) + 1);
                if (i > 1 && j > 1 && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1)) {
                    least = Math.min(least, distance[i - 2][j - 2] + 1);
                }
                distance[i][j] = least;
            }
        }
        return distance[one.length()][other.length()];
    }
}
