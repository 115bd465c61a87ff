package io.pptpoperator.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A fenced block of commands in the documentation.
 *
 * @param page the file, seen from the uppermost folder
 * @param shell the program that runs it
 */
record CommandBlock(String page, String shell, String text) {

    private static final Pattern FENCE = Pattern.compile("(?ms)^```(sh|bash|zsh|fish)\n(.*?)^```$");

    /** All blocks of the README and of docs/. */
    static List<CommandBlock> all() throws IOException {
        var pages = new ArrayList<>(List.of(Repository.path("README.md")));
        try (Stream<Path> files = Files.list(Repository.path("docs"))) {
            files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        var blocks = new ArrayList<CommandBlock>();
        for (Path page : pages) {
            for (MatchResult fence : FENCE.matcher(Files.readString(page)).results().toList()) {
                blocks.add(new CommandBlock(Repository.path("").relativize(page).toString(),
                        fence.group(1).equals("sh") ? "bash" : fence.group(1), fence.group(2)));
            }
        }
        return blocks;
    }
}
