package io.pptpoperator.dataplane.client.load;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.List;
import java.util.Optional;

/**
 * What to do to a server. Durations are nanoseconds.
 *
 * @param clients how many there are
 * @param perSecond logins that begin each second, all clients together
 * @param warmUp how long logins begin that do not count, since everything is slower at first
 * @param duration how long logins begin that count
 * @param stay how long a client stays connected; empty for until the end
 * @param think how long a client pauses between two sessions
 * @param abandon share of the sessions that end without a word, 0 to 1
 * @param traffic what connected clients send, if anything
 * @param sources this host's addresses to connect from, in turn; empty to let the kernel choose
 */
record LoadPlan(int clients, double perSecond, long warmUp, long duration, Optional<Long> stay, long think,
        double abandon, Optional<TrafficPlan> traffic, List<Ipv4Address> sources) {

    LoadPlan {
        sources = List.copyOf(sources);
    }

    Optional<Ipv4Address> source(int client) {
        return sources.isEmpty() ? Optional.empty() : Optional.of(sources.get(client % sources.size()));
    }
}
