package io.pptpoperator.operator.pptpdimport;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Translates a machine's pptpd. Whoever could connect to pptpd can connect afterwards; where that would not be wise, a
 * comment says so.
 */
final class PptpdImport {

    /**
     * What to translate.
     *
     * @param pptpdConf {@code pptpd.conf}
     * @param pppdOptions pppd's files of options, in the order pppd reads them
     * @param included finds files of options that those name
     * @param chapSecrets {@code chap-secrets}
     * @param hostName what pppd calls itself without the option {@code name}
     */
    record Sources(SourceFile pptpdConf, List<SourceFile> pppdOptions, PppdOption.Inclusion included,
            Optional<SourceFile> chapSecrets, String hostName) {}

    private PptpdImport() {}

    /** The path of pppd's options that {@code pptpd.conf} names. */
    static Optional<String> optionFile(SourceFile pptpdConf) {
        return PptpdConf.parse(pptpdConf, new ArrayList<>()).get("option").map(PptpdConf.Setting::value);
    }

    /** Translates. */
    static Translation of(Sources sources) {
        var comments = new ArrayList<Remark>();
        var problems = new ArrayList<Remark>();
        PptpdConf conf = PptpdConf.parse(sources.pptpdConf(), problems);
        var options = new ArrayList<PppdOption>();
        sources.pppdOptions().forEach(file -> options.addAll(PppdOption.parse(file, sources.included(), problems)));
        var pppd = new PppdSettings(options, comments, problems);
        List<ChapSecrets.Entry> entries = sources.chapSecrets()
                .map(file -> ChapSecrets.parse(file, problems))
                .orElse(List.of());
        List<UserDraft> users = new UserDrafts(pppd.name(sources.hostName()), comments, problems).of(entries);
        var radius = new RadiusDraft(comments, problems);
        pppd.radiusPlugin().ifPresent(plugin -> {
            radius.decides(false);
            RadiusClientConf.read(new Remark(plugin.file(), plugin.line(), "plugin " + plugin.argument()),
                    pppd.radiusConfiguration(), sources.included(), radius, problems);
        });
        if (radius.isThere() && !users.isEmpty()) {
            comments.add(new Remark("users.source", 0, "Radius: pppd's plugin asked RADIUS alone. The users of"
                    + " chap-secrets stand below all the same: with ResourcesThenRadius they could log in"));
        }
        var server = new ServerDraft(conf, pppd, comments, problems);
        return new Translation(server.spec(users.stream().flatMap(user -> user.address().stream()).toList()),
                Optional.of(radius).filter(RadiusDraft::isThere), users, comments, problems);
    }
}
