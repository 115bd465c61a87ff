package io.pptpoperator.operator.reconciler.controller;

import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.lending.PoolDivision;
import io.pptpoperator.operator.render.RadiusProblem;
import io.pptpoperator.operator.roster.Roster;
import io.pptpoperator.operator.status.ServerFacts.Failure;
import io.pptpoperator.protocol.address.AddressPool;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the operator made of a server when it last reconciled it.
 *
 * @param generation the generation of the resource that was reconciled, or found impossible
 * @param failure what kept it from finishing, when something did
 * @param usersRendered whether the pods' configuration has all users as they were when that was tried
 * @param rendered what the pods were told
 * @param renderedAt when that last changed
 */
public record ServerState(Long generation, Optional<Failure> failure, boolean usersRendered, RenderedServer rendered,
        Instant renderedAt) {

    /** A server that nobody has looked at. */
    public static final ServerState NEW = new ServerState(0L, Optional.empty(), false, RenderedServer.NOTHING,
            Instant.EPOCH);

    /** The same server when its configuration could not be written: what its pods run with is still what it was. */
    ServerState unrendered() {
        return new ServerState(generation, failure, false, rendered, renderedAt);
    }

    /** The same server with what its pods are told now. */
    ServerState rendered(Long judged, RenderedServer next, Instant now) {
        return new ServerState(judged, Optional.empty(), true, next, next.files().equals(files()) ? renderedAt : now);
    }

    /** The same server when something else came of a generation. */
    ServerState with(Long judged, Optional<Failure> outcome) {
        return new ServerState(judged, outcome, usersRendered, rendered, renderedAt);
    }

    /** The server on its way out: it serves nobody any more. */
    ServerState retired(Long judged) {
        return new ServerState(judged,
                Optional.of(new Failure(Failure.Reason.BeingDeleted,
                        "the server is being deleted: its pods end, and finalizers are all that keeps the resource")),
                true, rendered.withoutUsers(), renderedAt);
    }

    /** The server's users, as they were last rendered. */
    public Roster roster() {
        return rendered.roster();
    }

    /** The VpnUser behind each username that can log in. */
    public Map<String, ObjectKey> usernames() {
        return rendered.usernames();
    }

    Set<String> changingHands() {
        return rendered.changingHands();
    }

    /** All addresses for clients. */
    public AddressPool pools() {
        return rendered.pools();
    }

    PoolDivision division() {
        return rendered.division();
    }

    /** Members for which no address was left. */
    public int withoutShare() {
        return rendered.withoutShare();
    }

    /** What of its RADIUS settings its pods could not be told. */
    public List<RadiusProblem> radiusProblems() {
        return rendered.radius().problems();
    }

    /** SHA-256 of every file of the configuration, by its name. */
    public Map<String, String> files() {
        return rendered.files();
    }

    /** What its pods were told of profiles. */
    public RenderedProfiles profiles() {
        return rendered.profiles();
    }

    /** Whether the pods' configuration lets a user in, as it once was. */
    public boolean serves(VpnUser user) {
        return rendered.serves(user);
    }

    /** Whether it does by the name that the user has now: then what pods tell of that name is about the user. */
    public boolean servesByName(VpnUser user) {
        return ObjectKey.of(user).equals(usernames().get(user.username()));
    }
}
