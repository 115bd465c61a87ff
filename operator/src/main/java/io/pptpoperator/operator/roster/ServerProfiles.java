package io.pptpoperator.operator.roster;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnProfile;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.dataplane.config.ConfigReader;
import io.pptpoperator.dataplane.config.FieldProblem;
import io.pptpoperator.dataplane.config.ProfileConfig;
import io.pptpoperator.dataplane.yaml.YamlNode;
import io.pptpoperator.operator.roster.UserVerdict.Reason;
import io.pptpoperator.operator.roster.UserVerdict.Rejected;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The profiles that a server has for its users: those of its own namespace, whatever namespace a user is in. So whoever
 * owns the server says what profiles give, and a user's namespace can only choose among them.
 */
public final class ServerProfiles {

    /** What a profile comes to. */
    private sealed interface Judged {}

    /** It can be had. */
    private record Usable(ProfileConfig config) implements Judged {}

    /** Nobody can have it. */
    private record Unusable(String why) implements Judged {}

    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

    private final String namespace;
    private final Optional<String> usual;
    private final List<String> allowed;
    private final Map<String, Judged> profiles;
    private final ProfileMemory memory;

    private ServerProfiles(PptpServer server, Map<String, Judged> profiles, ProfileMemory memory) {
        namespace = server.getMetadata().getNamespace();
        usual = Optional.ofNullable(server.getSpec().users().defaultProfile());
        allowed = server.getSpec().users().allowedProfiles();
        this.profiles = profiles;
        this.memory = memory;
    }

    /**
     * Judges the profiles of a server.
     *
     * @param all profiles, of whatever namespace
     * @param memory what users still have of profiles that went away
     */
    public static ServerProfiles of(PptpServer server, Collection<VpnProfile> all, ProfileMemory memory) {
        var judged = new TreeMap<String, Judged>();
        all.stream()
                .filter(it -> it.getMetadata().getNamespace().equals(server.getMetadata().getNamespace())
                        && !it.isBeingDeleted())
                .forEach(it -> {
                    var problems = new ArrayList<String>();
                    Optional<ProfileConfig> config = config(it, problems);
                    judged.put(it.getMetadata().getName(),
                            config.<Judged>map(Usable::new).orElseGet(() -> new Unusable(String.join("; ", problems))));
                });
        return new ServerProfiles(server, judged, memory);
    }

    /**
     * What the data plane is told of a profile.
     *
     * @param problems takes what keeps it from being told, each with its field
     */
    public static Optional<ProfileConfig> config(VpnProfile profile, List<String> problems) {
        if (!profile.isReadable()) {
            problems.add(profile.whyUnreadable());
            return Optional.empty();
        }
        Map<?, ?> spec = SERIALIZATION.convertValue(profile.getSpec(), Map.class);
        Map<String, Object> settings = new TreeMap<>();
        spec.forEach((key, value) -> settings.put(key.toString(), value));
        settings.put("name", profile.getMetadata().getName());
        var found = new ArrayList<FieldProblem>();
        Optional<ProfileConfig> config = ConfigReader.profileAmongOthers(YamlNode.of(settings), found);
        found.forEach(it -> problems.add("spec." + it));
        return config;
    }

    /** The profile that a user has; empty for one who has what the server gives, or is refused. */
    Optional<ProfileConfig> of(VpnUser user) {
        return name(user).flatMap(this::find);
    }

    /** Why a user cannot be served: no profile is more than it may have. */
    Optional<Rejected> refusal(VpnUser user) {
        Optional<String> name = name(user);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        String own = user.getSpec().profile();
        String said = own == null ? "users.defaultProfile " + name.get() + " of the server" : "profile " + name.get();
        if (own != null && !allowed.isEmpty() && !allowed.contains(own)) {
            return Optional.of(new Rejected(Reason.ProfileNotAllowed,
                    said + " is none of the server's users.allowedProfiles: " + String.join(", ", allowed)));
        }
        if (profiles.get(name.get()) instanceof Unusable(String why)) {
            boolean atHome = user.getMetadata().getNamespace().equals(namespace);
            return Optional.of(new Rejected(Reason.InvalidProfile, said + " cannot be used: "
                    + (atHome ? why : "its condition Ready, in namespace " + namespace + ", says why")));
        }
        return find(name.get()).isPresent()
                ? Optional.empty()
                : Optional.of(new Rejected(Reason.ProfileNotFound,
                        said + ": there is no such VpnProfile in the server's namespace " + namespace));
    }

    private Optional<String> name(VpnUser user) {
        return Optional.ofNullable(user.getSpec().profile()).or(() -> usual);
    }

    private Optional<ProfileConfig> find(String name) {
        return switch (profiles.get(name)) {
            case Usable(ProfileConfig config) -> Optional.of(config);
            case Unusable it -> Optional.empty();
            case null -> memory.of(name);
        };
    }

    /**
     * Those that users have, each once.
     *
     * @param asksRadius whether RADIUS servers may name one as well, which may be any
     */
    public List<ProfileConfig> had(Roster roster, boolean asksRadius) {
        var had = new TreeMap<String, ProfileConfig>();
        if (asksRadius) {
            Stream.concat(profiles.keySet().stream(), memory.names().stream())
                    .forEach(name -> find(name).ifPresent(it -> had.put(name, it)));
        }
        roster.accepted()
                .stream()
                .flatMap(it -> it.profile().stream())
                .distinct()
                .forEach(name -> find(name).ifPresent(it -> had.put(name, it)));
        return List.copyOf(had.values());
    }
}
