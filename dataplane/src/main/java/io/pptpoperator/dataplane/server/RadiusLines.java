package io.pptpoperator.dataplane.server;

import io.pptpoperator.dataplane.admin.metrics.RadiusMetrics;
import io.pptpoperator.dataplane.admin.metrics.RadiusMetrics.Order;
import io.pptpoperator.dataplane.admin.metrics.RadiusMetrics.Outcome;
import io.pptpoperator.dataplane.linux.MonotonicClock;
import io.pptpoperator.dataplane.radius.Fault;
import io.pptpoperator.dataplane.radius.RadiusEvents;
import io.pptpoperator.dataplane.radius.RadiusServer;
import io.pptpoperator.dataplane.radius.RadiusServer.Purpose;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.radius.RadiusCode;
import io.pptpoperator.protocol.radius.RadiusException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down and counts what happens with RADIUS. What servers answer and strangers send must not fill the log. */
final class RadiusLines implements RadiusEvents {
    private static final Logger LOG = LoggerFactory.getLogger("io.pptpoperator.radius");
    private static final int LINES_PER_SECOND = 5;
    /** Sentences about replies, each of which is told once. */
    private static final int MOST_TOLD = 256;

    private final LineBudget undecided = budget();
    private final LineBudget faults = budget();
    private final LineBudget orders = budget();
    private final Set<String> told = new HashSet<>();
    private RadiusMetrics metrics;

    private static LineBudget budget() {
        return new LineBudget(LINES_PER_SECOND, 60 * LINES_PER_SECOND, MonotonicClock.millis());
    }

    /** Metrics need what this is a part of: it is told before the first client comes. */
    void metrics(RadiusMetrics ready) {
        metrics = ready;
    }

    @Override
    public void answered(RadiusServer server, Purpose purpose, RadiusCode code, long millis) {
        metrics.reachable(server.name(), 1);
        metrics.request(server.name(), switch (code) {
            case ACCESS_ACCEPT -> Outcome.ACCEPT;
            case ACCESS_REJECT -> Outcome.REJECT;
            case ACCESS_CHALLENGE -> Outcome.CHALLENGE;
            default -> Outcome.TAKEN;
        }, Duration.ofMillis(Math.max(1, millis)));
    }

    @Override
    public void silent(RadiusServer server, Purpose purpose, Fault fault) {
        metrics.reachable(server.name(), 0);
        metrics.request(server.name(), switch (purpose) {
            case LOGIN -> Outcome.LOGIN_UNANSWERED;
            case ACCOUNTING -> Outcome.RECORD_UNANSWERED;
        }, Duration.ZERO);
        if (fault.kind() != Fault.Kind.NO_ANSWER && faults.take(MonotonicClock.millis())) {
            LOG.atWarn().addKeyValue("radius", server.name()).log("A RADIUS server {}", fault.text());
        }
    }

    @Override
    public void probed(RadiusServer server, Optional<Fault> fault) {
        if (fault.isEmpty()) {
            metrics.reachable(server.name(), 1);
        } else if (fault.get().kind() != Fault.Kind.NO_ANSWER) {
            metrics.reachable(server.name(), 0);
            once(server, "it " + fault.get().text() + ", also when it is only asked whether it is there");
        }
    }

    @Override
    public void dead(RadiusServer server) {
        LOG.atWarn()
                .addKeyValue("radius", server.name())
                .log("A RADIUS server does not answer: it is passed by for a while");
    }

    @Override
    public void notBelieved(RadiusServer server, RadiusException why) {
        metrics.notBelieved(server.name());
        if (faults.take(MonotonicClock.millis())) {
            LOG.atWarn()
                    .addKeyValue("radius", server.name())
                    .addKeyValue("reason", why.getMessage())
                    .log("An answer in a RADIUS server's name is not believed");
        }
    }

    @Override
    public void unexpected(RadiusServer server) {
        LOG.atDebug()
                .addKeyValue("radius", server.name())
                .log("Something came that nobody waits for, as late answers do");
    }

    @Override
    public void undecided(Ipv4Address peer, String why) {
        if (undecided.take(MonotonicClock.millis())) {
            LOG.atWarn().addKeyValue("peer", peer).addKeyValue("reason", why).log("A login could not be decided");
        }
    }

    @Override
    public void ignored(RadiusServer server, List<String> names) {
        names.forEach(name -> once(server, "attribute " + name + " has no meaning here"));
    }

    @Override
    public void unusable(RadiusServer server, String sentence) {
        once(server, sentence);
    }

    private void once(RadiusServer server, String sentence) {
        if (told.size() < MOST_TOLD && told.add(server.name() + sentence)) {
            LOG.atWarn()
                    .addKeyValue("radius", server.name())
                    .addKeyValue("reason", sentence)
                    .log("Said once of a RADIUS server's answers");
        }
    }

    @Override
    public void ordered(RadiusCode answer) {
        metrics.order(switch (answer) {
            case DISCONNECT_ACK -> Order.DISCONNECT_ACK;
            case DISCONNECT_NAK -> Order.DISCONNECT_NAK;
            case COA_ACK -> Order.COA_ACK;
            case COA_NAK -> Order.COA_NAK;
            default -> Order.IGNORED;
        });
    }

    @Override
    public void orderRefused(String why) {
        metrics.order(Order.IGNORED);
        if (orders.take(MonotonicClock.millis())) {
            LOG.atWarn().addKeyValue("reason", why).log("A datagram to dynamicAuthorization.port gets no answer");
        }
    }

    @Override
    public void ordersPort(int port, boolean open) {
        if (open) {
            LOG.atInfo().addKeyValue("port", port).log("RADIUS servers may change and end sessions");
        } else {
            LOG.atError()
                    .addKeyValue("port", port)
                    .log("UDP port of dynamicAuthorization cannot be had: is it in use?");
        }
    }
}
