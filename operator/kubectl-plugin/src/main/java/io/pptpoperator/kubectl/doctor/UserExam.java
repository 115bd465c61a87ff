package io.pptpoperator.kubectl.doctor;

import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnProfile;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.kubectl.logs.LogLine;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Everything that the doctor looked up about a user.
 *
 * @param name as the person gave it
 * @param user the resource
 * @param secret what is known of the Secret with the password
 * @param servers the servers that are looked at
 * @param profiles VpnProfiles of the servers' namespaces, as far as they may be seen
 * @param operatorGone whether it is certain that no operator is at work, which is a finding of its own
 * @param lastLine what the pods' logs of the last hour last say of a name that no VpnUser has
 * @param now the time
 */
record UserExam(String name, Optional<VpnUser> user, SecretState secret, List<PptpServer> servers,
        List<VpnProfile> profiles, boolean operatorGone, Optional<LogLine> lastLine, Instant now) {

    UserExam {
        servers = List.copyOf(servers);
        profiles = List.copyOf(profiles);
    }

    /** The profile that a user has at a server, as far as it may be seen. */
    static Optional<VpnProfile> profile(VpnUser user, PptpServer server, List<VpnProfile> profiles) {
        String name = user.getSpec().profile() == null
                ? server.getSpec().users().defaultProfile()
                : user.getSpec().profile();
        return profiles.stream()
                .filter(it -> it.getMetadata().getName().equals(name)
                        && it.getMetadata().getNamespace().equals(server.getMetadata().getNamespace()))
                .findFirst();
    }

    /** What is known of a Secret. */
    enum SecretState {
        /** It is there, with the key. */
        THERE,
        /** It is not there. */
        MISSING,
        /** It is there without the key. */
        WITHOUT_KEY,
        /** It is there without the label by which the operator may read it. */
        WITHOUT_MARK,
        /** The person may not look. */
        FORBIDDEN
    }
}
