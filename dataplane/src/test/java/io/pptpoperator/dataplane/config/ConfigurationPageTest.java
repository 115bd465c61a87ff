package io.pptpoperator.dataplane.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.config.setting.Section;
import io.pptpoperator.dataplane.config.setting.SettingText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tables of docs/dataplane-configuration.md are what the records of the settings say. */
class ConfigurationPageTest {

    private static final Path PAGE = Path.of("../docs/dataplane-configuration.md");

    @Test
    void thePagesTablesAreTheSettings() throws IOException {
        String page = Files.readString(PAGE);
        String head = "| setting | default | possible | what it is |";
        String generated = withTable(page, "server.yaml", "| setting | default | possible | live | what it is |",
                Section.of(ServerConfig.class), true);
        generated = withTable(generated, "users.yaml", head, Section.of(UserConfig.class), false);
        generated = withTable(generated, "users.radius.yaml", head, Section.of(RadiusConfig.class), false);
        generated = withTable(generated, "users.profiles.yaml", head, Section.of(ProfilesFile.class), false);
        if (System.getProperty("settings.write") != null) {
            Files.writeString(PAGE, generated);
        }
        assertThat(PAGE).as("run: mvn -pl dataplane test -Dtest=ConfigurationPageTest -Dsettings.write")
                .content()
                .isEqualTo(generated);
    }

    /** Replaces the table that stands between two marks. */
    private static String withTable(String page, String file, String head, Section<?> section, boolean live) {
        String begin = "<!-- settings of " + file + " -->\n";
        String end = "<!-- end of " + file + " -->\n";
        int from = page.indexOf(begin) + begin.length();
        int to = page.indexOf(end);
        assertThat(from).as("a mark of %s before its end", file)
                .isGreaterThan(begin.length() - 1)
                .isLessThanOrEqualTo(to);
        List<String> rows = new ArrayList<>(List.of(head, head.replaceAll("[^|]+", "---")));
        section.describe(it -> rows.add(row(it, live)));
        return page.substring(0, from) + String.join("\n", rows) + "\n" + page.substring(to);
    }

    private static String row(SettingText setting, boolean live) {
        String fallback = setting.fallback().isEmpty() ? "" : "`" + setting.fallback() + "`";
        return "| `" + setting.path() + "` | " + fallback + " | " + possible(setting) + " | "
                + (live ? setting.isLive() ? "yes | " : "no | " : "") + setting.meaning().replace("|", "\\|") + " |";
    }

    private static String possible(SettingText setting) {
        List<String> parts = new ArrayList<>();
        if (!setting.right().isEmpty() && !setting.words().contains("false")) {
            parts.add(setting.right().replaceFirst(",$", ""));
        }
        if (setting.isList() && !setting.max().isEmpty()) {
            parts.add(setting.min().isEmpty()
                    ? "at most " + setting.max()
                    : setting.min() + " to " + setting.max() + " of them");
        }
        return String.join("; ", parts);
    }
}
