package io.pptpoperator.dataplane.session;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a server remembers of logins beside its sessions, as it is handed over. In each list the entry that was used least
 * recently comes first.
 *
 * @param left who has used up some of the tries that wrong passwords may cost
 * @param known who has logged in, and from where
 * @param former who has had which address that is free now
 */
public record LoginMemory(List<TriesLeft> left, List<Known> known, List<Former> former) {
    /** Entries of each list in one message: names have up to 255 characters. */
    private static final int AT_ONCE = 100;

    /** Copies the lists. */
    public LoginMemory {
        left = List.copyOf(left);
        known = List.copyOf(known);
        former = List.copyOf(former);
    }

    /**
     * Tries left.
     *
     * @param source who tries; empty: whoever does
     * @param name for which name; "": for any
     * @param thousandths of a try
     * @param at when so much was left, in milliseconds of the monotonic clock
     */
    public record TriesLeft(Optional<Ipv4Address> source, String name, long thousandths, long at) {}

    /** A name that has logged in from a source. */
    public record Known(Ipv4Address source, String name) {}

    /** A free address and the user who had it last. */
    public record Former(Ipv4Address address, String user) {}

    /** The same in pieces that a message can hold, to be taken on one after the other. */
    public List<LoginMemory> parts() {
        List<LoginMemory> parts = new ArrayList<>();
        int most = Math.max(left.size(), Math.max(known.size(), former.size()));
        for (int from = 0; from < most; from += AT_ONCE) {
            parts.add(new LoginMemory(part(left, from), part(known, from), part(former, from)));
        }
        return parts;
    }

    private static <T> List<T> part(List<T> all, int from) {
        return all.subList(Math.min(from, all.size()), Math.min(from + AT_ONCE, all.size()));
    }
}
