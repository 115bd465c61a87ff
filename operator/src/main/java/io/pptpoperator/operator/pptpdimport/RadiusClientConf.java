package io.pptpoperator.operator.pptpdimport;

import io.pptpoperator.operator.pptpdimport.PppdOption.Inclusion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads {@code radiusclient.conf} of pppd's plugin, of radcli or of freeradius-client, and the file of secrets that it
 * names: lines of a word and what follows it, of which those about servers may stand several times.
 */
final class RadiusClientConf {

    /** Where pppd's plugin and the libraries look for it. */
    private static final List<String> USUAL = List.of("/etc/radiusclient/radiusclient.conf",
            "/etc/ppp/radius/radiusclient.conf", "/etc/radcli/radiusclient.conf",
            "/etc/radiusclient-ng/radiusclient.conf");

    private final Inclusion files;
    private final RadiusDraft draft;
    private final List<Remark> problems;
    private final Map<String, OptionalInt> logins = new LinkedHashMap<>();
    private final Map<String, OptionalInt> records = new LinkedHashMap<>();
    private final Map<String, String> secrets = new LinkedHashMap<>();
    private Optional<String> secretsFile = Optional.empty();

    private RadiusClientConf(Inclusion files, RadiusDraft draft, List<Remark> problems) {
        this.files = files;
        this.draft = draft;
        this.problems = problems;
    }

    /**
     * Adds the servers to a draft.
     *
     * @param plugin the line that loads the plugin
     * @param path what an option says of the file's place
     */
    static void read(Remark plugin, Optional<String> path, Inclusion files, RadiusDraft draft, List<Remark> problems) {
        List<String> places = path.map(List::of).orElse(USUAL);
        Optional<SourceFile> file = places.stream()
                .flatMap(it -> files.read("radius-config-file", it).stream())
                .findFirst();
        if (file.isEmpty()) {
            problems.add(new Remark(plugin.file(), plugin.line(),
                    plugin.message() + ": " + places.getFirst() + " was not found here, which names the RADIUS servers;"
                            + " put it beside this file and import again"));
            return;
        }
        new RadiusClientConf(files, draft, problems).take(file.get());
    }

    private void take(SourceFile file) {
        int number = 0;
        for (String raw : file.text().lines().toList()) {
            number++;
            String line = raw.replaceFirst("#.*", "").strip();
            String[] words = line.split("\\s+", 2);
            if (words.length == 2) {
                setting(new Remark(file.name(), number, words[0]), words[0], words[1].strip());
            }
        }
        secretsFile.flatMap(it -> files.read("radius-config-file", it)).ifPresent(this::takeSecrets);
        var hosts = new ArrayList<>(logins.keySet());
        records.keySet().stream().filter(it -> !hosts.contains(it)).forEach(hosts::add);
        hosts.forEach(host -> draft.server(new Remark(file.name(), 0, "authserver"), host, port(logins, host),
                port(records, host), secrets.getOrDefault(host, "")));
        draft.complainWhereNoneIsKnown(new Remark(file.name(), 0, "authserver"));
    }

    /** 0 where a server is named for the other purpose alone. */
    private static OptionalInt port(Map<String, OptionalInt> named, String host) {
        return named.isEmpty() || !named.containsKey(host) ? OptionalInt.of(0) : named.get(host);
    }

    private void setting(Remark place, String name, String value) {
        switch (name) {
            case "authserver" -> servers(place, value, logins);
            case "acctserver" -> servers(place, value, records);
            case "servers" -> secretsFile = Optional.of(value);
            case "radius_timeout" -> seconds(place, value).ifPresent(draft::timeout);
            case "radius_retries" -> seconds(place, value).ifPresent(it -> draft.attempts(it + 1L));
            case "radius_deadtime" -> seconds(place, value).ifPresent(draft::deadTime);
            case "nas-identifier" -> draft.identifier(value);
            default -> {
                // How the library names attributes and files of its own.
            }
        }
    }

    /** {@code host}, {@code host:port} or {@code host:port:secret}, with commas between several. */
    private void servers(Remark place, String value, Map<String, OptionalInt> into) {
        for (String server : value.split("[,\\s]+", -1)) {
            String[] parts = server.split(":", 3);
            into.putIfAbsent(parts[0],
                    parts.length > 1 && !parts[1].isEmpty() ? port(place, parts[1]) : OptionalInt.empty());
            if (parts.length == 3) {
                secrets.put(parts[0], parts[2]);
            }
        }
    }

    private OptionalInt port(Remark place, String text) {
        int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
        if (port < 1 || port > 65_535) {
            problems.add(new Remark(place.file(), place.line(),
                    place.message() + ": port " + text + " must be a number from 1 to 65535"));
            return OptionalInt.empty();
        }
        return OptionalInt.of(port);
    }

    /** Lines of a host, or of two with a slash between, and a secret. */
    private void takeSecrets(SourceFile file) {
        for (String raw : file.text().lines().toList()) {
            String[] words = raw.strip().split("\\s+", 2);
            if (words.length == 2 && !words[0].startsWith("#")) {
                for (String host : words[0].split("/", -1)) {
                    secrets.putIfAbsent(host, words[1].strip());
                }
            }
        }
    }

    private Optional<Integer> seconds(Remark place, String value) {
        if (!value.matches("[0-9]{1,6}")) {
            problems.add(new Remark(place.file(), place.line(), place.message() + ": must be a number"));
            return Optional.empty();
        }
        return Optional.of(Integer.parseInt(value));
    }
}
