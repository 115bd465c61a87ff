package io.pptpoperator.protocol.rate;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bits per second, as people write them: {@code 512k}, {@code 10M}, {@code 2.5M}, {@code 1G}, in powers of 1000.
 *
 * @param bitsPerSecond {@link #LEAST} to {@link #MOST}
 */
public record BitRate(long bitsPerSecond) {
    /** The least: one full packet a second and a half. */
    public static final long LEAST = 8_000;
    /** The most: 100 Gbit/s. */
    public static final long MOST = 100_000_000_000L;
    /** What a text has to look like. */
    public static final String PATTERN = "[0-9]{1,12}([.][0-9]{1,3})?[kMG]?";

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,12}(?:[.][0-9]{1,3})?)([kMG]?)");

    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException when it is out of them
     */
    public BitRate {
        if (bitsPerSecond < LEAST || bitsPerSecond > MOST) {
            throw new IllegalArgumentException(bitsPerSecond
                    + " bits per second are out of bounds; 8k to 100G, such as 512k or 10M, would be right");
        }
    }

    /**
     * Reads a text.
     *
     * @throws IllegalArgumentException when it is no rate, or out of bounds; says what would be right
     */
    public static BitRate parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a rate in bits per second; one such as 512k, 10M or 1G would be right");
        }
        int power = switch (matcher.group(2)) {
            case "k" -> 3;
            case "M" -> 6;
            case "G" -> 9;
            default -> 0;
        };
        return new BitRate(new BigDecimal(matcher.group(1)).scaleByPowerOfTen(power).longValue());
    }

    /** The shortest text that {@link #parse} reads back. */
    @Override
    public String toString() {
        return text(bitsPerSecond);
    }

    /** Any number of bits per second in the same form. */
    static String text(long bitsPerSecond) {
        String[] units = {"G", "M", "k"};
        long[] sizes = {1_000_000_000, 1_000_000, 1_000};
        for (int k = 0; k < units.length; k++) {
            // Three digits behind the point are read, so that much may be of a unit.
            if (bitsPerSecond >= sizes[k] && bitsPerSecond % (sizes[k] / 1_000) == 0) {
                return BigDecimal.valueOf(bitsPerSecond)
                        .divide(BigDecimal.valueOf(sizes[k]))
                        .stripTrailingZeros()
                        .toPlainString() + units[k];
            }
        }
        return Long.toString(bitsPerSecond);
    }
}
