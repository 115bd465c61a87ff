package io.pptpoperator.dataplane.session;

import io.pptpoperator.dataplane.config.ProfileConfig;
import io.pptpoperator.dataplane.config.PushedRoutes;
import io.pptpoperator.dataplane.config.RateSettings;
import io.pptpoperator.dataplane.datapath.TunnelReach;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.hours.OpeningHours;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The configured profiles, by name: one snapshot of {@code users.profiles.yaml}, and what it makes of users' terms. */
final class Profiles {

    private final Map<String, Profile> byName = new HashMap<>();

    /** Takes profiles whose names differ. */
    Profiles(Collection<ProfileConfig> profiles) {
        profiles.forEach(it -> byName.put(it.name(), new Profile(it)));
    }

    /** One of them, with what is known of its hours: every session of its users asks several times a second. */
    private static final class Profile {
        private final ProfileConfig config;
        private final Optional<TunnelReach> reach;
        private final Optional<OpeningHours> hours;
        private OpeningHours.State state;
        private Instant since = Instant.MAX;

        Profile(ProfileConfig config) {
            this.config = config;
            reach = config.isolateClients() || !config.allowedDestinations().isEmpty()
                    ? Optional.of(new TunnelReach(config.isolateClients(), config.allowedDestinations()))
                    : Optional.empty();
            hours = config.hours().map(ProfileConfig.Hours::openingHours);
        }

        boolean isOpen(Instant now) {
            if (hours.isEmpty()) {
                return true;
            }
            if (now.isBefore(since) || state.until().filter(it -> !now.isBefore(it)).isPresent()) {
                state = hours.get().at(now);
                since = now;
            }
            return state.isOpen();
        }
    }

    /** Their names. */
    Set<String> names() {
        return Set.copyOf(byName.keySet());
    }

    private Optional<Profile> of(Terms terms) {
        return terms.profile().map(byName::get);
    }

    /** Why nobody with these terms may be logged in at this time; empty when nothing speaks against it. */
    Optional<LoginFailure> refusal(Terms terms, Instant now) {
        if (terms.profile().isEmpty()) {
            return Optional.empty();
        }
        Optional<Profile> profile = of(terms);
        if (profile.isEmpty()) {
            return Optional.of(LoginFailure.PROFILE_MISSING);
        }
        return profile.get().isOpen(now) ? Optional.empty() : Optional.of(LoginFailure.OUTSIDE_HOURS);
    }

    /** The limits that are in force for whoever has these terms: its own go before the profile's. */
    Terms.Limits limits(Terms terms) {
        Terms.Limits own = terms.limits();
        return of(terms).map(it -> it.config).map(it -> {
            ProfileConfig.SessionPolicy policy = it.sessionPolicy();
            OptionalInt sessions = own.sessions().isPresent() ? own.sessions() : policy.perUser();
            return new Terms.Limits(sessions, own.idleTimeout().or(policy::idleTimeout),
                    own.maxDuration().or(policy::maxDuration),
                    own.rate().or(() -> it.rateLimit().flatMap(RateSettings::limit)), own.octets());
        }).orElse(own);
    }

    /** The name servers that whoever has these terms is told of; empty: the server's. */
    Optional<List<Ipv4Address>> dns(Terms terms) {
        return terms.dns().or(() -> of(terms).map(it -> it.config.dns()).filter(it -> !it.isEmpty()));
    }

    /** The NetBIOS name servers, likewise. */
    Optional<List<Ipv4Address>> wins(Terms terms) {
        return terms.wins().or(() -> of(terms).map(it -> it.config.wins()).filter(it -> !it.isEmpty()));
    }

    /** What whoever has these terms is told by DHCP; empty: what the server tells. */
    Optional<PushedRoutes> routes(Terms terms) {
        return of(terms).map(it -> it.config.routes()).filter(it -> !it.equals(PushedRoutes.NONE));
    }

    /** Where whoever has these terms may send to; empty: as far as the server lets everybody. */
    Optional<TunnelReach> reach(Terms terms) {
        return of(terms).flatMap(it -> it.reach);
    }
}
