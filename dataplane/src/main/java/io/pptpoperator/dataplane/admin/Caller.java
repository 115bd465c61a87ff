package io.pptpoperator.dataplane.admin;

import io.netty.channel.Channel;
import io.pptpoperator.dataplane.adminapi.AdminApi;
import io.pptpoperator.dataplane.linux.LinuxException;
import io.pptpoperator.dataplane.linux.netlink.SocketOwners;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who asks over one connection, and what that one may ask for. For the connection's thread. */
final class Caller {

    private static final Logger LOG = LoggerFactory.getLogger(Caller.class);
    private static final int ROOT = 0;
    /** The kubelet, which asks these, has no client certificate. */
    private static final Set<String> PROBES = Set.of(AdminApi.LIVENESS, AdminApi.READINESS);
    /** Numbers without names or addresses, for a Prometheus that runs as a user of its own. */
    private static final Set<String> ON_LOOPBACK = Set.of(AdminApi.LIVENESS, AdminApi.READINESS, AdminApi.METRICS);

    private final Set<String> open;
    private final BooleanSupplier proof;
    private final String demand;
    private boolean trusted;

    private Caller(Set<String> open, BooleanSupplier proof, String demand) {
        this.open = open;
        this.proof = proof;
        this.demand = demand;
    }

    /** Somebody who has shown a client certificate, or has not. */
    static Caller overTls(Channel channel) {
        return new Caller(PROBES, () -> ClientCertificate.isPresent(channel),
                "without a client certificate only /healthz and /readyz are answered");
    }

    /** A process of this machine: root's, or of the user that the server runs as, or anybody's. */
    static Caller onLoopback(Channel channel, SocketOwners owners) {
        return new Caller(ON_LOOPBACK, () -> isOurs(channel, owners),
                "only root, and the user that the server runs as, may ask for more than /healthz, /readyz and /metrics");
    }

    /** Somebody who may only probe. */
    static Caller ofProbes() {
        return new Caller(PROBES, () -> false, "here only /healthz and /readyz are answered");
    }

    /** Whether this path is answered. */
    boolean mayAsk(String path) {
        if (!trusted && !open.contains(path)) {
            trusted = proof.getAsBoolean();
            return trusted;
        }
        return true;
    }

    /** What those who may not ask are told. */
    String demand() {
        return demand;
    }

    private static boolean isOurs(Channel channel, SocketOwners owners) {
        try {
            OptionalInt owner = owners.ownerOf((InetSocketAddress) channel.remoteAddress(),
                    (InetSocketAddress) channel.localAddress());
            return owner.isPresent() && (owner.getAsInt() == ROOT || owner.getAsInt() == ownUser());
        } catch (LinuxException e) {
            LOG.debug("Nobody is trusted: {}", e.getMessage());
            return false;
        }
    }

    private static int ownUser() {
        try {
            return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException e) {
            throw new UncheckedIOException("the own user cannot be found out", e);

        }
    }
}
