package io.pptpoperator.dataplane.admin;

import io.pptpoperator.dataplane.adminapi.LoginView;
import io.pptpoperator.dataplane.adminapi.RadiusView;
import io.pptpoperator.dataplane.adminapi.SendingView;
import io.pptpoperator.dataplane.adminapi.SessionView;
import io.pptpoperator.dataplane.config.ConfigDigests;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** A server of which only the administration port's view exists; remembers what it was asked to do. */
final class FakeControl implements AdminControl {

    static final SessionView ALICE = new SessionView("17", "alice", Ipv4Address.parse("203.0.113.7"),
            Ipv4Address.parse("192.168.10.100"), "mschapv2", "MPPE-128 stateless",
            Instant.parse("2026-11-22T08:00:00Z"), 1000, 2000, 10, 20, 3, "MSRASV5.20", null, "2M/10M",
            List.of("route 10.0.0.0/8 is the host's"));
    static final LoginView BOB = new LoginView("bob", null, Instant.parse("2026-11-22T08:00:00.5Z"), "bad-credentials",
            null, Ipv4Address.parse("203.0.113.8"));

    final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    volatile List<String> defects = List.of();
    volatile List<String> problems = List.of();
    volatile List<SessionView> sessions = List.of(ALICE);
    volatile boolean failing;

    @Override
    public List<String> defects() {
        return defects;
    }

    @Override
    public List<String> readiness() {
        return problems;
    }

    @Override
    public ConfigDigests configDigests() {
        return new ConfigDigests("0123", "4567", "89ab", "cdef");
    }

    @Override
    public List<SessionView> sessions() {
        if (failing) {
            throw new IllegalStateException("the session table is broken (this is part of a test)");
        }
        return sessions;
    }

    @Override
    public boolean endSession(String id) {
        asked.add("end " + id);
        return id.equals(ALICE.id());
    }

    @Override
    public int endUser(String user) {
        asked.add("end user " + user);
        return user.equals("alice") ? 1 : 0;
    }

    @Override
    public void drain() {
        asked.add("drain");
    }

    @Override
    public List<LoginView> logins() {
        return List.of(BOB);
    }

    @Override
    public SendingView sending() {
        return new SendingView(Map.of("raw-socket", 3L),
                List.of(new SendingView.Obstacle("off", "packet sockets are switched off")), List.of());
    }

    @Override
    public RadiusView radius() {
        return new RadiusView(List.of(
                new RadiusView.Server("radius.example.com:1812", true, "Answering", "it answers", Instant.EPOCH, 3)), 1,
                2);
    }

    @Override
    public void setDebug(Ipv4Address peer, boolean on) {
        asked.add("debug " + peer + " " + on);

    }
}
