package io.pptpoperator.operator.pptpdimport;

import io.pptpoperator.operator.pptpdimport.PppdWords.Word;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One option of pppd.
 *
 * @param file its file
 * @param line its line
 * @param name its name, synonyms replaced by the name that pppd(8) has first
 * @param argument what follows it, or nothing
 */
record PppdOption(String file, int line, String name, String argument) {

    /** Other names: of other versions of pppd, and of its old MPPE patches. */
    private static final Map<String, String> SYNONYMS = Map.ofEntries(Map.entry("+pap", "require-pap"),
            Map.entry("+chap", "require-chap"), Map.entry("+chapms", "require-mschap"),
            Map.entry("+mschap", "require-mschap"), Map.entry("require-chapms", "require-mschap"),
            Map.entry("+chapms-v2", "require-mschap-v2"), Map.entry("+mschap-v2", "require-mschap-v2"),
            Map.entry("require-chapms-v2", "require-mschap-v2"), Map.entry("+eap", "require-eap"),
            Map.entry("-eap", "refuse-eap"), Map.entry("-pap", "refuse-pap"), Map.entry("-chap", "refuse-chap"),
            Map.entry("-chapms", "refuse-mschap"), Map.entry("-mschap", "refuse-mschap"),
            Map.entry("refuse-chapms", "refuse-mschap"), Map.entry("-mschap-v2", "refuse-mschap-v2"),
            Map.entry("-chapms-v2", "refuse-mschap-v2"), Map.entry("refuse-chapms-v2", "refuse-mschap-v2"),
            Map.entry("+mppe", "require-mppe"), Map.entry("+mppe-128", "require-mppe-128"),
            Map.entry("mppe-128", "require-mppe-128"), Map.entry("+mppe-40", "require-mppe-40"),
            Map.entry("mppe-40", "require-mppe-40"), Map.entry("-mppe", "nomppe"), Map.entry("-mppe-40", "nomppe-40"),
            Map.entry("-mppe-128", "nomppe-128"), Map.entry("mppe-stateless", "nomppe-stateful"),
            Map.entry("dns-addr", "ms-dns"), Map.entry("-vj", "novj"), Map.entry("-vjccomp", "novjccomp"),
            Map.entry("-pc", "nopcomp"), Map.entry("-ac", "noaccomp"), Map.entry("-bsdcomp", "nobsdcomp"),
            Map.entry("-deflate", "nodeflate"), Map.entry("-predictor1", "nopredictor1"), Map.entry("-ccp", "noccp"),
            Map.entry("-ecp", "noecp"), Map.entry("-detach", "nodetach"), Map.entry("-ip", "noip"),
            Map.entry("-ipv6", "noipv6"), Map.entry("+ipx", "ipx"), Map.entry("-ipx", "noipx"),
            Map.entry("-mn", "nomagic"), Map.entry("-mru", "default-mru"), Map.entry("-am", "default-asyncmap"),
            Map.entry("-as", "asyncmap"), Map.entry("-crtscts", "nocrtscts"), Map.entry("-proxyarp", "noproxyarp"),
            Map.entry("-defaultroute", "nodefaultroute"), Map.entry("-defaultroute6", "nodefaultroute6"),
            Map.entry("-d", "debug"), Map.entry("+ua", "user"), Map.entry("-p", "passive"),
            Map.entry("-all", "default-options"));

    /** Files of options that others name may name others still, up to here. */
    private static final int MAX_DEPTH = 8;

    /** The name of a word such as {@code 10.8.0.1:10.8.0.2}. */
    static final String ADDRESSES = "LOCAL:REMOTE";

    /** Finds a file of options that another one names. */
    interface Inclusion {

        /** Nothing can be found. */
        Inclusion NONE = (option, argument) -> Optional.empty();

        /**
         * Reads it.
         *
         * @param option {@code file} or {@code call}
         * @param argument a path, or with {@code call} a name below {@code /etc/ppp/peers}
         * @return empty when it is not there
         */
        Optional<SourceFile> read(String option, String argument);
    }

    /**
     * All options of a file, those of files that it names in their places; words that pppd would not know are problems.
     */
    static List<PppdOption> parse(SourceFile file, Inclusion inclusion, List<Remark> problems) {
        var options = new ArrayList<PppdOption>();
        parse(file, inclusion, problems, options, 0);
        return options;
    }

    private static void parse(SourceFile file, Inclusion inclusion, List<Remark> problems, List<PppdOption> options,
            int depth) {
        for (Iterator<Word> words = PppdWords.of(file, problems).iterator(); words.hasNext();) {
            Word word = words.next();
            String name = SYNONYMS.getOrDefault(word.text(), word.text());
            int arguments = PppdOptionTable.arguments(name);
            if (arguments == 1 && words.hasNext()) {
                var option = new PppdOption(file.name(), word.line(), name, words.next().text());
                if (PppdOptionTable.includes(name)) {
                    include(option, inclusion, problems, options, depth);
                } else {
                    options.add(option);
                }
            } else if (arguments == 1) {
                problems.add(new Remark(file.name(), word.line(), name + ": its argument is missing"));
            } else if (arguments == 0) {
                options.add(new PppdOption(file.name(), word.line(), name, ""));
            } else if (isAddresses(name)) {
                options.add(new PppdOption(file.name(), word.line(), ADDRESSES, name));
            } else if (isSerialLine(name)) {
                options.add(new PppdOption(file.name(), word.line(), "tty", ""));
            } else {
                problems.add(new Remark(file.name(), word.line(),
                        "'" + name + "' is no option of pppd; is it spelled wrong?"));
            }
        }
    }

    private static void include(PppdOption option, Inclusion inclusion, List<Remark> problems, List<PppdOption> options,
            int depth) {
        Optional<SourceFile> included = depth < MAX_DEPTH
                ? inclusion.read(option.name, option.argument)
                : Optional.empty();
        if (included.isPresent()) {
            parse(included.get(), inclusion, problems, options, depth + 1);
        } else {
            problems.add(option.remark(depth < MAX_DEPTH
                    ? "that file was not found here, so what it says is missing; put it beside this one and import again"
                    : "files name one another more than " + MAX_DEPTH + " deep"));
        }
    }

    private static boolean isAddresses(String word) {
        return word.matches("[0-9.]*:[0-9.]*|[0-9]+(\\.[0-9]+){3}");
    }

    /** A device or a speed. */
    private static boolean isSerialLine(String word) {
        return word.matches("/dev/.*|tty.*|-?[0-9]+");
    }

    Remark remark(String message) {
        String shown = name.equals(ADDRESSES) ? argument : name + (showsArgument() ? " " + argument : "");
        return new Remark(file, line, shown + ": " + message);
    }

    private boolean showsArgument() {
        return !argument.isEmpty() && !name.equals("password");
    }
}
