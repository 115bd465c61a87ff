package io.pptpoperator.dataplane.session;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.io.Serial;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Slows down who guesses passwords. A try costs a token, a right password gives it back, and without a token no
 * password is looked at. What is counted is chosen so that nobody can lock out somebody else:
 *
 * <ul>
 * <li>A name from one source has {@link #PAIR_BURST} wrong tries, then one a minute. Somebody who remembers the
 *     password
 * at last waits for a minute at most, and no other source takes part in this.
 * <li>A source has {@link #SOURCE_BURST} wrong tries for all names together, then one a second: more than the people
 * behind one address mistype. A name that has logged in from there lately is exempt.
 * <li>A name that more than {@link #NAME_BURST} wrong tries hit, from wherever they come, is never closed. But as long
 * as they go on, each source has a single try for it, then one a minute, unless it has logged in from there lately.
 * </ul>
 *
 * <p>The memory for each of these is bounded: beyond {@link #MOST_REMEMBERED} the one that was tried least recently is
 * forgotten. For one thread; {@code now} is milliseconds of a clock that only moves forward.
 */
final class LoginBackoff {
    static final int MOST_REMEMBERED = 16_384;
    static final int PAIR_BURST = 10;
    static final long PAIR_MILLIS = 60_000;
    static final int SOURCE_BURST = 60;
    static final long SOURCE_MILLIS = 1_000;
    static final int NAME_BURST = 50;
    static final long NAME_MILLIS = 12_000;
    private static final double THOUSANDTHS = 1_000;
    /** Names are compared up to here, so that long ones cannot fill the memory. */
    private static final int NAME_CHARS = 64;

    private record Pair(Ipv4Address source, String name) {}

    /** Tokens that come back one by one. */
    private static final class Allowance {
        private final int burst;
        private final long refillMillis;
        private double tokens;
        private long at;

        Allowance(int burst, long refillMillis, long now) {
            this.burst = burst;
            this.refillMillis = refillMillis;
            this.tokens = burst;
            this.at = now;
        }

        boolean hasToken(long now) {
            tokens = Math.min(burst, tokens + (now - at) / (double) refillMillis);
            at = now;
            return tokens >= 1;
        }

        void take() {
            tokens = Math.max(0, tokens - 1);
        }

        void giveBack() {
            tokens = Math.min(burst, tokens + 1);
        }

        void leaveOne() {
            tokens = Math.min(1, tokens);
        }

        /** What was left at the last look. */
        LoginMemory.TriesLeft left(Optional<Ipv4Address> source, String name) {
            return new LoginMemory.TriesLeft(source, name, (long) (tokens * THOUSANDTHS), at);
        }

        Allowance with(LoginMemory.TriesLeft left) {
            tokens = Math.clamp(left.thousandths() / THOUSANDTHS, 0, burst);
            at = left.at();
            return this;
        }
    }

    private final Map<Pair, Allowance> pairs = remembering();
    private final Map<Ipv4Address, Allowance> sources = remembering();
    private final Map<String, Allowance> names = remembering();
    /** Who has logged in, and from where; nobody gets in here without a password. */
    private final Map<Pair, Boolean> trusted = remembering();

    private static <K, V> Map<K, V> remembering() {
        return new LinkedHashMap<>(64, 0.75f, true) {
            @Serial
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > MOST_REMEMBERED;
            }
        };
    }

    /**
     * Whether this source may try a password for this name now; if so, the try counts as wrong until {@link #proved}.
     */
    boolean mayTry(Ipv4Address source, String claimed, long now) {
        Pair pair = new Pair(source, nameOf(claimed));
        Allowance ofPair = pairs.getOrDefault(pair, new Allowance(PAIR_BURST, PAIR_MILLIS, now));
        if (!ofPair.hasToken(now) || !trusted.containsKey(pair) && !strangerMayTry(pair, ofPair, now)) {
            return false;
        }
        ofPair.take();
        pairs.put(pair, ofPair);
        return true;
    }

    /** What is not looked at is not remembered either, or else it could have others forgotten. */
    private boolean strangerMayTry(Pair pair, Allowance ofPair, long now) {
        Allowance ofSource = sources.getOrDefault(pair.source(), new Allowance(SOURCE_BURST, SOURCE_MILLIS, now));
        if (!ofSource.hasToken(now)) {
            return false;
        }
        Allowance ofName = names.getOrDefault(pair.name(), new Allowance(NAME_BURST, NAME_MILLIS, now));
        if (!ofName.hasToken(now)) {
            ofPair.leaveOne();
        }
        ofSource.take();
        ofName.take();
        sources.put(pair.source(), ofSource);
        names.put(pair.name(), ofName);
        return true;
    }

    /** The password of the last try was right. */
    void proved(Ipv4Address source, String username) {
        Pair pair = new Pair(source, nameOf(username));
        giveBack(pairs.get(pair));
        if (trusted.put(pair, true) == null) {
            giveBack(sources.get(source));
            giveBack(names.get(pair.name()));
        }
    }

    /** Nobody could say whether the password of the last try was right. */
    void undecided(Ipv4Address source, String claimed) {
        Pair pair = new Pair(source, nameOf(claimed));
        giveBack(pairs.get(pair));
        if (!trusted.containsKey(pair)) {
            giveBack(sources.get(source));
            giveBack(names.get(pair.name()));
        }
    }

    private static void giveBack(Allowance allowance) {
        if (allowance != null) {
            allowance.giveBack();
        }
    }

    /** The same name for all the ways in which a client may write it, see {@link Users#find}. */
    private static String nameOf(String claimed) {
        String bare = claimed.substring(claimed.lastIndexOf('\\') + 1);
        int at = bare.indexOf('@');
        String name = at < 0 ? bare : bare.substring(0, at);
        return name.length() > NAME_CHARS ? name.substring(0, NAME_CHARS) : name;
    }

    /** Who has used up tries, for {@link #goOn}. */
    List<LoginMemory.TriesLeft> left() {
        List<LoginMemory.TriesLeft> left = new ArrayList<>();
        pairs.forEach((pair, tries) -> left.add(tries.left(Optional.of(pair.source()), pair.name())));
        sources.forEach((source, tries) -> left.add(tries.left(Optional.of(source), "")));
        names.forEach((name, tries) -> left.add(tries.left(Optional.empty(), name)));
        return left;
    }

    /** Who has logged in, and from where. */
    List<LoginMemory.Known> known() {
        return trusted.keySet().stream().map(it -> new LoginMemory.Known(it.source(), it.name())).toList();
    }

    /** Remembers what another process did. */
    void goOn(LoginMemory memory, long now) {
        for (LoginMemory.TriesLeft it : memory.left()) {
            if (it.source().isEmpty()) {
                names.put(it.name(), new Allowance(NAME_BURST, NAME_MILLIS, now).with(it));
            } else if (it.name().isEmpty()) {
                sources.put(it.source().get(), new Allowance(SOURCE_BURST, SOURCE_MILLIS, now).with(it));
            } else {
                pairs.put(new Pair(it.source().get(), it.name()), new Allowance(PAIR_BURST, PAIR_MILLIS, now).with(it));
            }
        }
        memory.known().forEach(it -> trusted.put(new Pair(it.source(), it.name()), true));
    }

    /** How much is remembered. */
    int remembered() {
        return pairs.size() + sources.size() + names.size() + trusted.size();
    }
}
