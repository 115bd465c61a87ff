package io.pptpoperator.operator.pptpdimport;

import io.pptpoperator.protocol.rate.BitRate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Another server's rates as the {@code rateLimit} of a VpnUser. */
final class RateDraft {
    private static final Pattern ROUTER_OS = Pattern.compile("([0-9]{1,12})([kKmMgG]?)");
    private static final Pattern ACCEL = Pattern.compile("([0-9]{1,9})(?:[/:\\\\]([0-9]{1,9}))?");

    private RateDraft() {}

    /**
     * RouterOS' {@code rx[/tx]}, as the router sees it, so that the client's upload comes first; bursts and priorities
     * behind it are passed over.
     *
     * @return empty when it is something else, or no rate that a VpnUser may have
     */
    static Optional<Map<String, String>> ofRouterOs(String text) {
        String[] pair = text.strip().split("\\s+", 2)[0].split("/", 2);
        return of(routerOs(pair[0]), routerOs(pair[pair.length - 1]));
    }

    private static OptionalLong routerOs(String text) {
        Matcher matcher = ROUTER_OS.matcher(text);
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        long unit = switch (matcher.group(2)) {
            case "k", "K" -> 1_000;
            case "m", "M" -> 1_000_000;
            case "g", "G" -> 1_000_000_000;
            default -> 1;
        };
        return OptionalLong.of(Long.parseLong(matcher.group(1)) * unit);
    }

    /**
     * accel-ppp's {@code down[/up]} in kbit/s.
     *
     * @param multiplier its rate-multiplier
     * @return empty when it is something else, or no rate that a VpnUser may have
     */
    static Optional<Map<String, String>> ofAccel(String text, double multiplier) {
        Matcher matcher = ACCEL.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String up = matcher.group(2) == null ? matcher.group(1) : matcher.group(2);
        return of(kilobits(up, multiplier), kilobits(matcher.group(1), multiplier));
    }

    private static OptionalLong kilobits(String text, double multiplier) {
        return OptionalLong.of((long) (Long.parseLong(text) * multiplier * 1_000));
    }

    /** Bits per second; 0, or nothing, for any. Empty when one of them is no rate that a VpnUser may have. */
    static Optional<Map<String, String>> of(OptionalLong upload, OptionalLong download) {
        var rates = new LinkedHashMap<String, String>();
        try {
            put(rates, "upload", upload);
            put(rates, "download", download);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        return rates.isEmpty() ? Optional.empty() : Optional.of(rates);
    }

    private static void put(Map<String, String> rates, String field, OptionalLong bits) {
        if (bits.orElse(0) > 0) {
            rates.put(field, new BitRate(bits.getAsLong()).toString());
        }
    }
}
