package io.pptpoperator.dataplane.client.probe;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.pptpoperator.dataplane.client.ClientSettings;
import io.pptpoperator.dataplane.client.Login;
import io.pptpoperator.dataplane.client.gre.GreEndpoint;
import io.pptpoperator.dataplane.client.gre.Impairment;
import io.pptpoperator.protocol.ppp.RestartPolicy;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import io.pptpoperator.protocol.ppp.lcp.EchoSettings;
import io.pptpoperator.protocol.ppp.link.LinkTimers;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Dials a server once and tells how far a client gets. Needs CAP_NET_RAW; changes nothing on this machine. */
public final class Probe {
    private static final long PHASE_TIME = 20_000;
    private static final long REPLY_TIME = 10_000;
    private static final long ENCRYPTION_GRACE = 3_000;

    private Probe() {}

    /**
     * Probes, and returns when everything is known.
     *
     * @param who who logs in; without, the probe ends where the login would begin
     * @param progress told of the report so far after every new fact
     * @param trace takes decoded packets, if wanted; never what proves the password
     * @throws io.pptpoperator.dataplane.linux.LinuxException when this machine gives no raw socket
     */
    public static Report run(ProbeAim aim, Optional<Login> who, EncryptionSettings encryption,
            Consumer<Report> progress, Optional<Consumer<String>> trace) {
        LinkTimers timers = new LinkTimers(RestartPolicy.STANDARD, PHASE_TIME, PHASE_TIME, ENCRYPTION_GRACE);
        ClientSettings settings = new ClientSettings(who, encryption, ClientSettings.USUAL_MRU, EchoSettings.OFF,
                timers, REPLY_TIME);
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        EventLoop loop = group.next();
        try (GreEndpoint endpoint = new GreEndpoint(loop, new SecureRandom(), Impairment.NONE)) {
            endpoint.watchErrors();
            WarmUp.run(loop, settings, endpoint);
            ProbeRun run = new ProbeRun(aim, settings, loop, endpoint,
                    facts -> progress.accept(Diagnosis.of(aim, facts)), trace);
            return Diagnosis.of(aim, run.start().join());
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }
}
