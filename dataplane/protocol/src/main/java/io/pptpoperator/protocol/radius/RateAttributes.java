package io.pptpoperator.protocol.radius;

import io.pptpoperator.protocol.rate.RateLimit;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads how fast a session may be, in the forms that billing systems send. */
final class RateAttributes {

    /** Beyond any line that PPTP will meet, and far from an overflow. */
    private static final long MOST = 1_000_000_000_000L;

    private static final Pattern NUMBER = Pattern.compile("(\\d{1,18})([kKmMgG]?)");

    private RateAttributes() {}

    /**
     * What a reply says, the most exact first, as RouterOS does: Mikrotik-Rate-Limit, Ascend's, WISPr's.
     *
     * @return empty when it says nothing, or nothing that can be read
     */
    static Optional<RateLimit> of(RadiusPacket reply) {
        return reply.text(AttributeType.MIKROTIK_RATE_LIMIT)
                .flatMap(RateAttributes::parse)
                .or(() -> pair(reply.number(AttributeType.ASCEND_DATA_RATE),
                        reply.number(AttributeType.ASCEND_XMIT_RATE)))
                .or(() -> pair(reply.number(AttributeType.WISPR_BANDWIDTH_MAX_UP),
                        reply.number(AttributeType.WISPR_BANDWIDTH_MAX_DOWN)));
    }

    private static Optional<RateLimit> pair(OptionalLong up, OptionalLong down) {
        return up.isEmpty() && down.isEmpty()
                ? Optional.empty()
                : Optional.of(new RateLimit(up.orElse(0), down.orElse(0), 0, 0));
    }

    /**
     * Reads RouterOS' form: {@code rx[/tx] [burst rx[/tx] [threshold rx[/tx] [seconds rx[/tx] …]]]}, from the router's
     * view, so that rx is the upload. A burst is as many bytes as RouterOS would let through at burst rate: threshold
     * times seconds. Priority and least rates, which follow, are for queues that are not here.
     *
     * @return empty when it is none
     */
    static Optional<RateLimit> parse(String text) {
        String[] parts = text.trim().split("\\s+", 0);
        long[][] pairs = new long[4][];
        for (int k = 0; k < Math.min(parts.length, pairs.length); k++) {
            pairs[k] = readPair(parts[k]);
            if (pairs[k] == null) {
                return Optional.empty();
            }
        }
        if (pairs[0] == null) {
            return Optional.empty();
        }
        boolean burst = pairs[3] != null;
        return Optional.of(new RateLimit(pairs[0][0], pairs[0][1], burst ? bytes(pairs[2][0], pairs[3][0]) : 0,
                burst ? bytes(pairs[2][1], pairs[3][1]) : 0));
    }

    private static long bytes(long threshold, long seconds) {
        return threshold == 0 || seconds == 0 ? 0 : threshold / 8 * Math.min(seconds, 3600);
    }

    private static long[] readPair(String text) {
        int slash = text.indexOf('/');
        long first = number(slash < 0 ? text : text.substring(0, slash));
        long second = slash < 0 ? first : number(text.substring(slash + 1));
        return first < 0 || second < 0 ? null : new long[]{first, second};
    }

    private static long number(String text) {
        Matcher matcher = NUMBER.matcher(text);
        if (!matcher.matches()) {
            return -1;
        }
        long unit = switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
            case "k" -> 1_000;
            case "m" -> 1_000_000;
            case "g" -> 1_000_000_000;
            default -> 1;
        };
        long value = Long.parseLong(matcher.group(1));
        return value > MOST / unit ? MOST : value * unit;
    }
}
