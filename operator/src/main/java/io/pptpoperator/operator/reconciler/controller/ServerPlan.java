package io.pptpoperator.operator.reconciler.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.UpdatePolicy;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.config.UserConfig;
import io.pptpoperator.operator.lending.Lending;
import io.pptpoperator.operator.lending.PoolDivision;
import io.pptpoperator.operator.reconciler.controller.RenderedServer.RenderedRadius;
import io.pptpoperator.operator.render.ConfigurationFiles;
import io.pptpoperator.operator.render.ConfigurationTooLargeException;
import io.pptpoperator.operator.render.InvalidSpecException;
import io.pptpoperator.operator.render.RadiusRendering;
import io.pptpoperator.operator.render.ServerRendering;
import io.pptpoperator.operator.resource.Names;
import io.pptpoperator.operator.resource.ServerObjects;
import io.pptpoperator.operator.roster.PasswordMemory;
import io.pptpoperator.operator.roster.ProfileMemory;
import io.pptpoperator.operator.roster.Roster;
import io.pptpoperator.operator.roster.ServerProfiles;
import io.pptpoperator.operator.roster.ServerTerms;
import io.pptpoperator.protocol.address.AddressPool;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What shall be made of a server: worked out from what a pass saw, before anything is written. Pure.
 *
 * @param rendered what the pods are told
 * @param files the same as files
 * @param rendering what all pods have in common; empty when they go on with the settings they have
 * @param problem what keeps the configuration from being what the resources say
 */
record ServerPlan(RenderedServer rendered, ConfigurationFiles files, Optional<ServerRendering> rendering,
        Optional<RuntimeException> problem) {

    /**
     * The plan for a server whose spec is possible.
     *
     * @throws InvalidSpecException when it is not
     * @throws ConfigurationTooLargeException when a Secret does not even hold the pods' settings
     */
    static ServerPlan of(ServerSnapshot seen) {
        PptpServer server = seen.server();
        if (!server.isReadable()) {
            throw new InvalidSpecException(List.of(server.whyUnreadable()));
        }
        ServerRendering rendering = ServerRendering.of(server, ServerObjects.admin(server), seen.clusterDns());
        PasswordMemory memory = memory(seen);
        ProfileMemory profileMemory = profileMemory(seen);
        ServerProfiles profiles = ServerProfiles.of(server, seen.profiles(), profileMemory);
        Roster selected = roster(seen, ServerTerms.of(server, profiles), memory);
        Set<String> changingHands = changingHands(seen, selected);
        Roster all = Handover.without(changingHands, selected);
        Lending lending = seen.lending();
        AddressPool pools = rendering.pools();
        PoolDivision division = lending.next(pools, all.accepted());
        Optional<RadiusRendering> radius = RadiusRendering.of(server, rendering.config(), seen.radiusSecrets(),
                seen.before().rendered().radius().memory(), seen.now());
        ConfigurationFiles settings = ConfigurationFiles.of(rendering, division, Names::serverFile)
                .withRadius(radius)
                .withProfiles(profiles(server, all, profiles, profileMemory).configs().values());
        Roster roster = settings.fitting(all);
        List<UserConfig> accepted = roster.accepted();
        int leftOut = all.accepted().size() - accepted.size();
        Lending.Addressed addressed = lending.addressed(accepted);
        RenderedProfiles rendered = profiles(server, roster, profiles, profileMemory);
        ConfigurationFiles files = settings.withProfiles(rendered.configs().values()).withUsers(addressed.users());
        int withoutShare = (int) Math.max(0, lending.wanted().size() - pools.size());
        return new ServerPlan(
                new RenderedServer(roster, RenderedServer.usernames(roster), changingHands, pools, division,
                        lending.absences(), withoutShare, addressed.awaited(), memory.missed(),
                        RenderedRadius.of(radius), rendered, files.digests()),
                files, Optional.of(rendering),
                leftOut == 0 ? Optional.empty() : Optional.of(ConfigurationTooLargeException.leavingOut(leftOut)));
    }

    /**
     * The plan for a server whose spec is impossible: pods go on with their settings; users come and go all the same.
     *
     * @param kept the files that the pods have
     * @param problem what is wrong with the spec; thrown when there is nothing to go on with
     */
    static ServerPlan keeping(ServerSnapshot seen, ConfigurationFiles kept, RuntimeException problem) {
        ServerConfig running = kept.server().orElseThrow(() -> problem);
        AddressPool pools = seen.before().pools();
        PasswordMemory memory = memory(seen);
        ProfileMemory profileMemory = profileMemory(seen);
        ServerProfiles profiles = ServerProfiles.of(seen.server(), seen.profiles(), profileMemory);
        Roster selected = roster(seen, ServerTerms.of(seen.server(), running, pools, profiles), memory);
        Set<String> changingHands = changingHands(seen, selected);
        Roster all = Handover.without(changingHands, selected);
        Roster roster = kept.withProfiles(profiles(seen.server(), all, profiles, profileMemory).configs().values())
                .fitting(all);
        Lending lending = seen.lending();
        Lending.Addressed addressed = lending.addressed(roster.accepted());
        RenderedProfiles rendered = profiles(seen.server(), roster, profiles, profileMemory);
        ConfigurationFiles files = kept.withProfiles(rendered.configs().values()).withUsers(addressed.users());
        return new ServerPlan(
                new RenderedServer(roster, RenderedServer.usernames(roster), changingHands, pools,
                        seen.record().division(), lending.absences(), 0, addressed.awaited(), memory.missed(),
                        seen.before().rendered().radius(), rendered, files.digests()),
                files, Optional.empty(), Optional.of(problem));
    }

    private static ProfileMemory profileMemory(ServerSnapshot seen) {
        RenderedProfiles before = seen.before().profiles();
        return new ProfileMemory(before.configs(), before.missed(), seen.now());
    }

    private static RenderedProfiles profiles(PptpServer server, Roster roster, ServerProfiles profiles,
            ProfileMemory memory) {
        return RenderedProfiles.of(roster, profiles, server.getSpec().users().source().asksRadius(), memory.missed());
    }

    private static PasswordMemory memory(ServerSnapshot seen) {
        return new PasswordMemory(seen.before().roster(), seen.before().rendered().missedSecrets(), seen.now());
    }

    private static Roster roster(ServerSnapshot seen, ServerTerms terms, PasswordMemory memory) {
        return Roster.of(seen.server(), terms, seen.users(), seen.secrets(), memory, seen.namespaces());
    }

    private static Set<String> changingHands(ServerSnapshot seen, Roster roster) {
        return Handover.pending(seen.before().usernames(), seen.before().changingHands(), seen.applied(), roster);
    }

    /**
     * What is around the pods and their files.
     *
     * @param objects all of it; none when the pods go on with the settings they have
     * @param trial of the image that pods shall be replaced for
     * @param problem why the pods stay as they are
     */
    record Around(List<HasMetadata> objects, ImageTrial trial, Optional<RuntimeException> problem) {

        /** Copies the list. */
        Around {
            objects = List.copyOf(objects);
        }
    }

    /**
     * The objects around the pods and their files.
     *
     * @param defaultImage of pods whose server names none
     */
    Around around(ServerSnapshot seen, ServerObjects objects, String defaultImage) {
        if (rendering.isEmpty()) {
            return new Around(List.of(), ImageTrial.NONE, Optional.empty());
        }
        PptpServer server = seen.server();
        int replicas = rendered.division()
                .served(Names.replicas(server, server.getSpec().replicas()), Lending.members(seen.pods()));
        String digest = rendering.get().restartDigest();
        PinnedPods pods = PinnedPods.of(server, digest, objects.pods(defaultImage, digest), seen.workload());
        Optional<String> nowhere = nowhere(seen, pods.template());
        UpdatePolicy.Type policy = server.getSpec().updatePolicy().at(seen.now());
        ImageTrial trial = seen.trials()
                .filter(made -> policy == UpdatePolicy.Type.RollingUpdate && nowhere.isEmpty())
                .map(made -> ImageTrial.of(server, pods.template().getSpec(), seen.pods(), made, seen.now()))
                .orElse(ImageTrial.NONE);
        boolean held = nowhere.isPresent() || !trial.isOver();
        Optional<RuntimeException> problem = nowhere
                .<RuntimeException>map(why -> new InvalidSpecException(List.of(why)))
                .or(() -> trial.obstacle().map(ImageNotPulledException::new));
        return new Around(
                objects.around(replicas, pods.template(), held ? UpdatePolicy.Type.Paused : policy, pods.annotations()),
                trial, problem);
    }

    /**
     * Why the pods that there are must not be replaced: new ones would find no node, and nobody would be served. Only a
     * StatefulSet can wait with it.
     */
    private static Optional<String> nowhere(ServerSnapshot seen, PodTemplateSpec template) {
        return seen.workload()
                .filter(it -> !seen.pods().isEmpty() && it instanceof StatefulSet)
                .map(StatefulSet.class::cast)
                .filter(set -> Replacement.mayFollow(set)
                        || !placement(set.getSpec().getTemplate()).equals(placement(template)))
                .flatMap(set -> NodeFit.obstacle(template.getSpec(), seen.nodes()))
                .map(why -> why + "; until one fits, the pods that run are not replaced");
    }

    private static List<Object> placement(PodTemplateSpec template) {
        return Arrays.asList(Objects.requireNonNullElse(template.getSpec().getNodeSelector(), Map.of()),
                Objects.requireNonNullElse(template.getSpec().getTolerations(), List.of()));
    }
}
