package io.pptpoperator.operator.pptpdimport;

import io.pptpoperator.operator.pptpdimport.PppdWords.Word;
import java.util.ArrayList;
import java.util.List;

/** The lines of {@code chap-secrets} (pppd(8), "AUTHENTICATION"): client, server, secret, and addresses. */
final class ChapSecrets {

    /** Stands for everybody, or every server, or every address. */
    static final String ANY = "*";

    /**
     * One line.
     *
     * @param file its file
     * @param line its number
     * @param client the user's name, or {@code *}
     * @param server the server's name, or {@code *}
     * @param secret the password
     * @param addresses what pppd lets the client use
     * @param options options of pppd for this user alone
     */
    record Entry(String file, int line, String client, String server, String secret, List<String> addresses,
            List<String> options) {

        Remark remark(String message) {
            return new Remark(file, line, message);
        }

        /** Without the secret. */
        @Override
        public String toString() {
            return "Entry[" + file + ":" + line + "]";
        }
    }

    private ChapSecrets() {}

    static List<Entry> parse(SourceFile file, List<Remark> problems) {
        var entries = new ArrayList<Entry>();
        var line = new ArrayList<Word>();
        for (Word word : PppdWords.of(file, problems)) {
            if (word.startsLine()) {
                add(file, line, entries, problems);
                line.clear();
            }
            line.add(word);
        }
        add(file, line, entries, problems);
        return entries;
    }

    private static void add(SourceFile file, List<Word> words, List<Entry> entries, List<Remark> problems) {
        if (words.isEmpty()) {
            return;
        }
        int number = words.getFirst().line();
        List<String> texts = words.stream().map(Word::text).toList();
        if (texts.size() < 3) {
            problems.add(new Remark(file.name(), number,
                    "a line has client, server and secret, and perhaps addresses; this one has only " + texts.size()
                            + " of them"));
            return;
        }
        int end = texts.subList(3, texts.size()).indexOf("--");
        List<String> rest = texts.subList(3, texts.size());
        entries.add(new Entry(file.name(), number, texts.get(0), texts.get(1), texts.get(2),
                List.copyOf(end < 0 ? rest : rest.subList(0, end)),
                List.copyOf(end < 0 ? List.of() : rest.subList(end + 1, rest.size()))));
    }
}
