package io.pptpoperator.kubectl.completion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What the word that is being typed can become. Answers in the form that kubectl expects of a plugin: a candidate a
 * line, with its description behind a tab, then a number that says whether file names would do as well.
 */
public final class Completion {

    /** The argument that asks for completion; the words typed so far follow, the unfinished one last. */
    public static final String COMMAND = "__complete";

    private static final String NO_FILES = ":4";
    private static final String FILES = ":0";

    private final CommandLine root;
    private final Function<String, List<String>> names;

    private record Candidate(String word, String description) {

        String line() {
            return description.isEmpty() ? word : word + "\t" + description;
        }
    }

    /** Where the unfinished word stands. */
    private record Place(CommandLine command, int positionals, OptionSpec option) {}

    /**
     * Completion of a command line.
     *
     * @param names finds the names that an argument with a certain label can have
     */
    public Completion(CommandLine root, Function<String, List<String>> names) {
        this.root = root;
        this.names = names;
    }

    /** The answer. */
    public String text(List<String> words) {
        String unfinished = words.isEmpty() ? "" : words.getLast();
        Place place = place(words.isEmpty() ? List.of() : words.subList(0, words.size() - 1));
        String lines = candidates(place, unfinished).filter(it -> it.word().startsWith(unfinished))
                .map(it -> it.line() + "\n")
                .collect(Collectors.joining());
        return lines + (takesFile(place) ? FILES : NO_FILES) + "\n";
    }

    private static boolean takesFile(Place place) {
        return place.option != null && place.option.paramLabel().equals("FILE");
    }

    private Place place(List<String> finished) {
        CommandLine command = root;
        int positionals = 0;
        OptionSpec open = null;
        for (String word : finished) {
            if (open != null) {
                open = null;
            } else if (word.startsWith("-")) {
                OptionSpec option = command.getCommandSpec().findOption(word);
                open = option != null && option.arity().max() > 0 ? option : null;
            } else if (positionals == 0 && command.getSubcommands().containsKey(word)) {
                command = command.getSubcommands().get(word);
            } else {
                positionals++;
            }
        }
        return new Place(command, positionals, open);
    }

    private Stream<Candidate> candidates(Place place, String unfinished) {
        CommandSpec spec = place.command.getCommandSpec();
        if (place.option != null) {
            return values(place.option);
        }
        int equals = unfinished.indexOf('=');
        if (unfinished.startsWith("--") && equals > 0) {
            String name = unfinished.substring(0, equals);
            OptionSpec option = spec.findOption(name);
            return option == null
                    ? Stream.empty()
                    : values(option).map(it -> new Candidate(name + "=" + it.word, it.description));
        }
        if (unfinished.startsWith("-")) {
            return spec.options()
                    .stream()
                    .filter(it -> !it.hidden())
                    .map(it -> new Candidate(it.longestName(), firstSentence(it.description())));
        }
        List<Candidate> subcommands = new ArrayList<>();
        place.command.getSubcommands()
                .forEach((name, sub) -> subcommands
                        .add(new Candidate(name, firstSentence(sub.getCommandSpec().usageMessage().description()))));
        return Stream.concat(subcommands.stream(),
                spec.positionalParameters()
                        .stream()
                        .filter(it -> it.index().contains(place.positionals))
                        .flatMap(this::values));
    }

    private Stream<Candidate> values(ArgSpec argument) {
        Stream<String> fixed = argument.completionCandidates() == null
                ? Stream.empty()
                : Stream.of(argument.completionCandidates()).flatMap(it -> {
                    var words = new ArrayList<String>();
                    it.forEach(words::add);
                    return words.stream();
                });
        boolean isEnum = argument.type().isEnum();
        return Stream
                .concat(fixed.map(it -> isEnum ? it.toLowerCase(Locale.ROOT) : it),
                        names.apply(argument.paramLabel()).stream())
                .map(it -> new Candidate(it, ""));
    }

    private static String firstSentence(String[] description) {
        return Arrays.stream(description).findFirst().map(it -> it.replaceFirst("\\. .*|\\.$|: .*", "")).orElse("");
    }
}
