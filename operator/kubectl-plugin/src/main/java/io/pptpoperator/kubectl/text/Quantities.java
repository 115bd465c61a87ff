package io.pptpoperator.kubectl.text;

import java.time.Duration;
import java.util.Locale;

/** Times and amounts as people read them. */
public final class Quantities {

    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB"};
    private static final int STEP = 1000;

    private Quantities() {}

    /**
     * An age in the two largest units, as kubectl has it: {@code 42s}, {@code 5m3s}, {@code 3h12m}, {@code 2d4h},
     * {@code 40d}.
     */
    public static String age(Duration age) {
        long seconds = Math.max(0, age.toSeconds());
        if (seconds < 120) {
            return seconds + "s";
        }
        if (seconds < 600) {
            return pair(seconds, 60, "m", 1, "s");
        }
        if (seconds < 3 * 3600) {
            return seconds / 60 + "m";
        }
        if (seconds < 8 * 3600) {
            return pair(seconds, 3600, "h", 60, "m");
        }
        if (seconds < 48 * 3600) {
            return seconds / 3600 + "h";
        }
        return seconds < 8 * 86_400 ? pair(seconds, 86_400, "d", 3600, "h") : seconds / 86_400 + "d";
    }

    private static String pair(long seconds, int large, String largeName, int small, String smallName) {
        long rest = seconds % large / small;
        return seconds / large + largeName + (rest == 0 ? "" : rest + smallName);
    }

    /** Bytes in decimal units, as providers bill them: {@code 0 B}, {@code 999 B}, {@code 1.5 MB}. */
    public static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= STEP - 0.05 && unit < UNITS.length - 1) {
            value /= STEP;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }
}
