package io.pptpoperator.operator.pptpdimport;

import io.pptpoperator.operator.pptpdimport.PppdWords.Word;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * One option of pppd.
 *
 * @param file its file
 * @param line its line
 * @param name its name, synonyms replaced by the name that pppd(8) has first
 * @param argument what follows it, or nothing
 */
record PppdOption(String file, int line, String name, String argument) {

    /** Names of other versions of pppd, and of its old MPPE patches. */
    private static final Map<String, String> SYNONYMS = Map.ofEntries(
            Map.entry("+pap", "require-pap"), Map.entry("+chap", "require-chap"),
            Map.entry("+chapms", "require-mschap"), Map.entry("+mschap", "require-mschap"),
            Map.entry("require-chapms", "require-mschap"), Map.entry("+chapms-v2", "require-mschap-v2"),
            Map.entry("+mschap-v2", "require-mschap-v2"), Map.entry("require-chapms-v2", "require-mschap-v2"),
            Map.entry("-pap", "refuse-pap"), Map.entry("-chap", "refuse-chap"),
            Map.entry("-chapms", "refuse-mschap"), Map.entry("refuse-chapms", "refuse-mschap"),
            Map.entry("-chapms-v2", "refuse-mschap-v2"), Map.entry("refuse-chapms-v2", "refuse-mschap-v2"),
            Map.entry("+mppe", "require-mppe"), Map.entry("+mppe-128", "require-mppe-128"),
            Map.entry("mppe-128", "require-mppe-128"), Map.entry("+mppe-40", "require-mppe-40"),
            Map.entry("mppe-40", "require-mppe-40"), Map.entry("-mppe", "nomppe"),
            Map.entry("-mppe-40", "nomppe-40"), Map.entry("-mppe-128", "nomppe-128"),
            Map.entry("mppe-stateless", "nomppe-stateful"), Map.entry("dns-addr", "ms-dns"),
            Map.entry("-vj", "novj"), Map.entry("-vjccomp", "novjccomp"), Map.entry("-pc", "nopcomp"),
            Map.entry("-ac", "noaccomp"), Map.entry("-bsdcomp", "nobsdcomp"),
            Map.entry("-deflate", "nodeflate"),
            Map.entry("-ccp", "noccp"), Map.entry("-detach", "nodetach"), Map.entry("-ip", "noip"),
            Map.entry("-p", "passive"), Map.entry("-all", "default-options"));

    /** The name of a word such as {@code 10.8.0.1:10.8.0.2}. */
    static final String ADDRESSES = "LOCAL:REMOTE";

    /** All options of a file; words that pppd would not know are problems. */
    static List<PppdOption> parse(SourceFile file, List<Remark> problems) {
        var options = new ArrayList<PppdOption>();
        for (Iterator<Word> words = PppdWords.of(file, problems).iterator(); words.hasNext();) {
            Word word = words.next();
            String name = SYNONYMS.getOrDefault(word.text(), word.text());
            int arguments = PppdOptionTable.arguments(name);
            if (arguments == 1 && words.hasNext()) {
                options.add(new PppdOption(file.name(), word.line(), name, words.next().text()));
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
        return options;
    }

    private static boolean isAddresses(String word) {
        return word.matches("[0-9.]*:[0-9.]*|[0-9]+(\\.[0-9]+){3}");
    }

    /** A device or a speed. */
    private static boolean isSerialLine(String word) {
        return word.matches("/dev/.*|tty.*|[0-9]+");
    }

    Remark remark(String message) {
        String shown = name.equals(ADDRESSES) ? argument : name + (showsArgument() ? " " + argument : "");
        return new Remark(file, line, shown + ": " + message);
    }

    private boolean showsArgument() {
        return !argument.isEmpty() && !name.equals("password");
    }
}
