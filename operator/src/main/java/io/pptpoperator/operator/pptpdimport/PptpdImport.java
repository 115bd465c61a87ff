package io.pptpoperator.operator.pptpdimport;

import io.pptpoperator.dataplane.address.Ipv4Address;
import io.pptpoperator.operator.manifest.ManifestException;
import io.pptpoperator.operator.manifest.ManifestSet;
import io.pptpoperator.operator.manifest.ManifestText;
import io.pptpoperator.operator.manifest.YamlText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Translates a machine's pptpd into manifests. Whoever could connect to pptpd can connect afterwards; where that would
 * not be wise, a comment says so.
 *
 * @param yaml the manifests; holds the users' passwords
 * @param problems lines that are wrong, and what the manifests could not take over because of it
 */
public record PptpdImport(String yaml, List<Remark> problems) {

    /**
     * What to translate.
     *
     * @param pptpdConf {@code pptpd.conf}
     * @param pppdOptions pppd's files of options, in the order pppd reads them
     * @param included finds files of options that those name
     * @param chapSecrets {@code chap-secrets}
     * @param hostName what pppd calls itself without the option {@code name}
     * @param serverName the PptpServer's name
     * @param namespace the namespace of all resources; none: wherever they are applied
     */
    record Sources(SourceFile pptpdConf, List<SourceFile> pppdOptions, PppdOption.Inclusion included,
            Optional<SourceFile> chapSecrets, String hostName, String serverName,
            Optional<String> namespace) {}

    private static final String API = "pptp-operator.io/v1alpha1";

    /** The path of pppd's options that {@code pptpd.conf} names. */
    public static Optional<String> optionFile(SourceFile pptpdConf) {
        return PptpdConf.parse(pptpdConf, new ArrayList<>()).get("option").map(PptpdConf.Setting::value);
    }

    /** Translates. */
    static PptpdImport of(Sources sources) {
        var comments = new ArrayList<Remark>();
        var problems = new ArrayList<Remark>();
        PptpdConf conf = PptpdConf.parse(sources.pptpdConf(), problems);
        var options = new ArrayList<PppdOption>();
        sources.pppdOptions()
                .forEach(file -> options.addAll(PppdOption.parse(file, sources.included(), problems)));
        var pppd = new PppdSettings(options, comments, problems);
        List<ChapSecrets.Entry> entries = sources.chapSecrets().map(file -> ChapSecrets.parse(file, problems))
                .orElse(List.of());
        List<UserDraft> users = new UserDrafts(pppd.name(sources.hostName()), comments, problems).of(entries);
        var server = new ServerDraft(conf, pppd, comments, problems);
        Map<String, Object> spec = server
                .spec(users.stream().flatMap(user -> user.address().stream()).toList());
        Ipv4Address local = Ipv4Address.parse(spec.get("localIp").toString());

        var yaml = new StringBuilder(YamlText.document(above(comments, problems),
                resource(sources, API, "PptpServer", sources.serverName(), "spec", spec)));
        for (UserDraft user : users) {
            yaml.append(user(sources, user, local, problems)).append(secret(sources, user));
        }
        check(yaml.toString(), problems);
        return new PptpdImport(yaml.toString(), List.copyOf(problems));
    }

    private static List<String> above(List<Remark> comments, List<Remark> problems) {
        var lines = new ArrayList<String>();
        if (!problems.isEmpty()) {
            lines.add("Lines that are wrong:");
            problems.forEach(it -> lines.add("  " + it));
        }
        lines.add("What is different here, and what to do about it:");
        comments.forEach(it -> lines.add("  " + it));
        return lines;
    }

    private static String user(Sources sources, UserDraft user, Ipv4Address local, List<Remark> problems) {
        var spec = new LinkedHashMap<String, Object>();
        if (!user.resource().equals(user.entry().client())) {
            spec.put("username", user.entry().client());
        }
        spec.put("password", Map.of("secretKeyRef", key(user)));
        if (user.ownServer()) {
            spec.put("servers", List.of(Map.of("name", sources.serverName())));
        }
        if (user.address().filter(local::equals).isPresent()) {
            problems.add(user.entry()
                    .remark("the address " + local + " was left out: it is the server's localIp"));
        } else {
            user.address().ifPresent(it -> spec.put("address", it.toString()));
        }
        if (!user.enabled()) {
            spec.put("enabled", false);
        }
        return YamlText.document(user.comments(),
                resource(sources, API, "VpnUser", user.resource(), "spec", spec));
    }

    private static Map<String, String> key(UserDraft user) {
        var key = new LinkedHashMap<String, String>();
        key.put("name", secretName(user));
        key.put("key", "password");
        return key;
    }

    private static String secretName(UserDraft user) {
        return user.resource() + "-password";
    }

    private static String secret(Sources sources, UserDraft user) {
        return YamlText.document(List.of(), resource(sources, "v1", "Secret", secretName(user), "stringData",
                Map.of("password", user.entry().secret())));
    }

    private static Map<String, Object> resource(Sources sources, String api, String kind, String name,
            String field,
            Map<String, ?> content) {
        var metadata = new LinkedHashMap<String, Object>();
        metadata.put("name", name);
        sources.namespace().ifPresent(it -> metadata.put("namespace", it));
        var resource = new LinkedHashMap<String, Object>();
        resource.put("apiVersion", api);
        resource.put("kind", kind);
        resource.put("metadata", metadata);
        resource.put(field, content);
        return resource;
    }

    /** What an API server would refuse shall be known before it does. */
    private static void check(String yaml, List<Remark> problems) {
        try {
            ManifestSet.read(List.of(new ManifestText("the result", yaml)), spec -> {});
        } catch (ManifestException e) {
            e.problems().forEach(it -> problems.add(new Remark(it.file(), it.line(), it.message())));
        }
    }

    /** Without the text: it holds passwords. */
    @Override
    public String toString() {
        return "PptpdImport" + problems;
    }
}
