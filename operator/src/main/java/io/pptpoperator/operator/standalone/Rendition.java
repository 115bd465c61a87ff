package io.pptpoperator.operator.standalone;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.PptpServerSpec;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.crds.VpnUserSpec;
import io.pptpoperator.dataplane.config.ConfigWriter;
import io.pptpoperator.dataplane.config.ProfileConfig;
import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.operator.ObjectKey;
import io.pptpoperator.operator.manifest.ManifestException;
import io.pptpoperator.operator.manifest.ManifestProblem;
import io.pptpoperator.operator.manifest.ManifestSet;
import io.pptpoperator.operator.manifest.ManifestSet.Declared;
import io.pptpoperator.operator.manifest.ManifestText;
import io.pptpoperator.operator.render.InvalidSpecException;
import io.pptpoperator.operator.render.RadiusMemory;
import io.pptpoperator.operator.render.RadiusRendering;
import io.pptpoperator.operator.render.ServerRendering;
import io.pptpoperator.operator.roster.Consent;
import io.pptpoperator.operator.roster.GeneratedPassword;
import io.pptpoperator.operator.roster.PasswordMark;
import io.pptpoperator.operator.roster.ProfileMemory;
import io.pptpoperator.operator.roster.Roster;
import io.pptpoperator.operator.roster.SecretLookup;
import io.pptpoperator.operator.roster.SecretMark;
import io.pptpoperator.operator.roster.ServerProfiles;
import io.pptpoperator.operator.roster.UserSelector;
import io.pptpoperator.operator.roster.UserVerdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The data plane's files for one PptpServer of some manifests, made by the code that also serves clusters.
 *
 * @param serverYaml the text of {@code server.yaml}
 * @param usersYaml the text of {@code users.yaml}; holds secrets
 * @param radiusYaml the text of {@code users.radius.yaml}, if there is to be one; holds secrets
 * @param profilesYaml the text of {@code users.profiles.yaml}, if somebody has a profile
 * @param nobody says so when no user of the manifests can log in
 * @param warnings what people should know, such as users who are left out
 */
public record Rendition(String serverYaml, String usersYaml, Optional<String> radiusYaml, Optional<String> profilesYaml,
        List<String> warnings, Optional<String> nobody) {

    /** Reads manifests for one machine, where people rather than programs read the log. */
    public static ManifestSet read(Collection<ManifestText> files) {
        return ManifestSet.read(files, Rendition::logAsText);
    }

    private static void logAsText(ObjectNode spec) {
        if (!spec.path("log").has("format") && (!spec.has("log") || spec.get("log").isObject())) {
            spec.withObjectProperty("log").put("format", "Text");
        }
    }

    /**
     * Finds the server to run.
     *
     * @param name its name, or its namespace and name with a slash between; may be left out when there is only one
     * @throws ManifestException when there is none, or more than one
     */
    public static Declared<PptpServer> choose(ManifestSet manifests, Optional<String> name) {
        List<Declared<PptpServer>> found = manifests.servers()
                .entrySet()
                .stream()
                .filter(entry -> name.isEmpty() || name.get().equals(entry.getKey().name())
                        || name.get().equals(entry.getKey().toString()))
                .map(Map.Entry::getValue)
                .toList();
        if (found.size() == 1) {
            return found.getFirst();
        }
        if (manifests.servers().isEmpty()) {
            throw refusal("there is no PptpServer in the files");
        }
        String choice = "; choose one with --server: " + manifests.servers().keySet();
        throw refusal(found.isEmpty()
                ? "there is no PptpServer " + name.orElseThrow() + choice
                : "there are several PptpServers" + choice);
    }

    private static ManifestException refusal(String message) {
        return new ManifestException(List.of(new ManifestProblem("manifests", 0, 0, message)));
    }

    /** The server's users whose passwords have to be generated, and are not in any Secret of the manifests. */
    public static List<VpnUser> withoutPassword(ManifestSet manifests, PptpServer server) {
        return manifests.users()
                .values()
                .stream()
                .map(Declared::resource)
                .filter(user -> UserSelector.matches(server, user) && GeneratedPassword.isWanted(user)
                        && !manifests.secrets().containsKey(passwordKey(user)))
                .toList();
    }

    /** The Secret that holds a user's generated password. */
    static ObjectKey passwordKey(VpnUser user) {
        return new ObjectKey(user.getMetadata().getNamespace(), GeneratedPassword.secretName(user));
    }

    /**
     * Renders the files.
     *
     * @param generated finds the Secrets with generated passwords
     * @throws ManifestException when no data plane could serve the server
     */
    public static Rendition of(ManifestSet manifests, Declared<PptpServer> declared, SecretLookup generated) {
        PptpServer server = declared.resource();
        var warnings = new ArrayList<String>();
        manifests.ignored().forEach(it -> warnings.add(it.toString()));
        meaningless(server.getSpec()).forEach(it -> warnings.add(declared.origin().problem(it).toString()));
        ServerConfig config = config(declared);
        ServerProfiles profiles = ServerProfiles.of(server,
                manifests.profiles().values().stream().map(Declared::resource).toList(), ProfileMemory.none());
        warnings.addAll(unusable(manifests));
        Roster roster = Roster.of(server, profiles,
                manifests.users().values().stream().map(Declared::resource).toList(),
                key -> Optional.ofNullable(manifests.secrets().get(key))
                        .filter(it -> PasswordMark.isIn(it.origin().labels()))
                        .map(Declared::resource)
                        .or(() -> generated.data(key)),
                namespace -> Optional.of(manifests.namespaces().getOrDefault(namespace, Map.of())));
        roster.rejected().forEach((key, verdict) -> warnings.add(leftOut(manifests.users().get(key), key, verdict)));
        if (roster.withoutConsent() > 0) {
            warnings.add(declared.origin()
                    .problem("spec.users.namespaces: " + roster.withoutConsent()
                            + " VpnUsers of other namespaces do not agree to be served from here; spec.servers of the VpnUser,"
                            + " or the label " + Consent.LABEL_PREFIX + server.getMetadata().getNamespace() + "="
                            + Consent.VALUE + " of its Namespace, would be right")
                    .toString());
        }
        warnings.addAll(unknownServers(manifests));
        Optional<RadiusRendering> radius = radius(declared, config, manifests);
        radius.ifPresent(it -> it.problems()
                .forEach(problem -> warnings
                        .add(declared.origin().problem("spec.radius: " + problem.message()).toString())));
        Optional<String> nobody = roster.accepted().isEmpty() && !server.getSpec().users().source().asksRadius()
                ? Optional.of(declared.origin()
                        .problem("nobody can log in: there is no VpnUser for PptpServer "
                                + server.getMetadata().getName())
                        .toString())
                : Optional.empty();
        return new Rendition(ConfigWriter.writeServer(config), ConfigWriter.writeUsers(roster.accepted()),
                radius.map(it -> ConfigWriter.writeRadius(it.config())), profilesYaml(server, roster, profiles),
                List.copyOf(warnings), nobody);
    }

    private static Optional<RadiusRendering> radius(Declared<PptpServer> declared, ServerConfig config,
            ManifestSet manifests) {
        try {
            return RadiusRendering.of(declared.resource(), config,
                    key -> Optional.ofNullable(manifests.secrets().get(key))
                            .filter(it -> SecretMark.RADIUS.isIn(it.origin().labels()))
                            .map(Declared::resource),
                    RadiusMemory.NONE, Instant.EPOCH);
        } catch (InvalidSpecException e) {
            throw impossible(declared, e);
        }
    }

    private static ManifestException impossible(Declared<PptpServer> declared, InvalidSpecException e) {
        return new ManifestException(e.problems().stream().map(it -> declared.origin().problem("spec." + it)).toList());
    }

    private static ServerConfig config(Declared<PptpServer> declared) {
        PptpServer server = declared.resource();
        if (server.getSpec().useClusterDNS()) {
            throw new ManifestException(List.of(declared.origin()
                    .problem("spec.useClusterDNS: there is no cluster here; name servers in dns would be right")));
        }
        var admin = new ServerConfig.Admin(ServerConfig.Admin.DEFAULTS.address(), server.getSpec().adminPort(),
                Optional.empty());
        try {
            return ServerRendering.of(server, admin, Optional.empty()).config();
        } catch (InvalidSpecException e) {
            throw impossible(declared, e);
        }
    }

    private static List<String> meaningless(PptpServerSpec spec) {
        var fields = new ArrayList<String>();
        if (spec.replicas() > 1) {
            fields.add("spec.replicas: one machine runs one server, whatever stands here");
        }
        if (spec.exposure().network() != null) {
            fields.add("spec.exposure: means nothing on one machine; the server listens on all its addresses");
        }
        return fields;
    }

    private static String leftOut(Declared<VpnUser> user, ObjectKey key, UserVerdict.Rejected verdict) {
        return user.origin()
                .problem(fieldOf(verdict.reason()) + ": VpnUser " + key.name() + " cannot log in: " + verdict.message())
                .toString();
    }

    private static String fieldOf(UserVerdict.Reason reason) {
        return switch (reason) {
            case SecretNotFound, SecretKeyNotFound, InvalidPassword, PasswordNotGenerated -> "spec.password";
            case InvalidNtHash, PasswordNeeded -> "spec.ntHash";
            case DuplicateUsername -> "spec.username";
            case DuplicateAddress, AddressIsServers, AddressNotAllowed -> "spec.address";
            case DuplicateRoute, RouteNotAllowed -> "spec.routes";
            case ProfileNotFound, ProfileNotAllowed, InvalidProfile -> "spec.profile";
            case InvalidSpec, ConfigurationFull -> "spec";
        };
    }

    private static Optional<String> profilesYaml(PptpServer server, Roster roster, ServerProfiles profiles) {
        List<ProfileConfig> had = profiles.had(roster, server.getSpec().users().source().asksRadius());
        return had.isEmpty() ? Optional.empty() : Optional.of(ConfigWriter.writeProfiles(had));
    }

    private static List<String> unusable(ManifestSet manifests) {
        var warnings = new ArrayList<String>();
        manifests.profiles().forEach((key, profile) -> {
            var problems = new ArrayList<String>();
            ServerProfiles.config(profile.resource(), problems);
            problems.forEach(it -> warnings.add(profile.origin().problem(it).toString()));
        });
        return warnings;
    }

    private static List<String> unknownServers(ManifestSet manifests) {
        var warnings = new ArrayList<String>();
        manifests.users().values().forEach(user -> {
            List<VpnUserSpec.ServerReference> servers = user.resource().getSpec().servers();
            for (int i = 0; i < servers.size(); i++) {
                if (!manifests.servers().containsKey(UserSelector.key(user.resource(), servers.get(i)))) {
                    warnings.add(user.origin()
                            .problem("spec.servers[" + i + "]: there is no PptpServer " + servers.get(i).name()
                                    + " in the files")
                            .toString());
                }
            }
        });
        return warnings;
    }

    /** Without the texts: they hold secrets. */
    @Override
    public String toString() {
        return "Rendition" + warnings;
    }
}
