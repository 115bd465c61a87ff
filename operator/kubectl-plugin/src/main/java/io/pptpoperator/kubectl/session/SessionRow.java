package io.pptpoperator.kubectl.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.crds.VpnUserStatus;
import io.pptpoperator.dataplane.adminapi.SessionView;
import io.pptpoperator.operator.ObjectKey;
import java.time.Instant;
import java.util.Optional;

/**
 * A session as people see it. What only the pod knows is null when the pod could not be asked.
 *
 * @param namespace the server's namespace
 * @param user the name that the client logged in with
 * @param server the PptpServer
 * @param pod its pod
 * @param address what the client got
 * @param from what the client connects from
 * @param since when the login was complete
 * @param id what {@code kick} takes
 * @param uploaded bytes from the client
 * @param downloaded bytes to the client
 * @param encryption what protects it
 * @param method how the client proved its password
 * @param idleSeconds time without traffic
 * @param computer what the client calls itself
 * @param rateLimit bits per second up and down, such as {@code 2M/10M}; null where there is no limit
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({"namespace", "user", "server", "pod", "address", "from", "since", "id", "uploadedBytes",
        "downloadedBytes", "encryption", "method", "idleSeconds", "computer", "rateLimit"})
public record SessionRow(String namespace, String user, String server, String pod, String address, String from,
        Instant since, String id, @JsonProperty("uploadedBytes") Long uploaded,
        @JsonProperty("downloadedBytes") Long downloaded, String encryption, String method, Long idleSeconds,
        String computer, String rateLimit) {

    /** A session as its pod tells it. */
    static SessionRow of(ObjectKey server, String pod, SessionView view) {
        return new SessionRow(server.namespace(), view.user(), server.name(), pod, view.address().toString(),
                view.peer().toString(), view.since(), view.id(), view.bytesIn(), view.bytesOut(), view.encryption(),
                view.method(), view.idleSeconds(), view.computer(), view.rateLimit());
    }

    /** The newest session of a user, as its status tells it. */
    static Optional<SessionRow> of(VpnUser user) {
        VpnUserStatus status = user.getStatus();
        if (status == null || status.session() == null) {
            return Optional.empty();
        }
        VpnUserStatus.Session session = status.session();
        String[] server = session.server().split("/", 2);
        return Optional.of(new SessionRow(server[0], user.username(), server[1], session.pod(), session.address(),
                session.from(), session.since(), null, null, null, null, null, null, null, null));
    }
}
