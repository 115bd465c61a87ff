package io.pptpoperator.operator.pptpdimport;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a file of pppd into words, by pppd's own rules (pppd(8), "OPTIONS FILES"): blanks divide them; {@code #}
 * starts a comment; single or double quotes keep blanks; a backslash takes away the next character's meaning, joins
 * lines, or spells a character as {@code \n}, {@code \101} or {@code \x41}.
 */
final class PppdWords {

    /**
     * A word.
     *
     * @param text the word without its quotes; may be a secret
     * @param line the line it begins on
     * @param startsLine whether it is the first one of its line
     */
    record Word(String text, int line, boolean startsLine) {

        /** The place alone. */
        @Override
        public String toString() {
            return "Word[line " + line + "]";
        }
    }

    private static final char END = '\uffff';

    private final SourceFile file;
    private final List<Remark> problems;
    private final List<Word> words = new ArrayList<>();
    private int position;
    private int line = 1;

    private PppdWords(SourceFile file, List<Remark> problems) {
        this.file = file;
        this.problems = problems;
    }

    /** Splits a file; a quote without an end is a problem, and so is what follows it. */
    static List<Word> of(SourceFile file, List<Remark> problems) {
        var splitter = new PppdWords(file, problems);
        splitter.split();
        return splitter.words;
    }

    private void split() {
        boolean startsLine = true;
        while (peek() != END) {
            char character = peek();
            if (character == '\n') {
                startsLine = true;
                next();
            } else if (character == '\\' && peekAfter() == '\n') {
                next();
                next();
            } else if (isBlank(character)) {
                next();
            } else if (character == '#') {
                skipComment();
            } else {
                word(startsLine);
                startsLine = false;
            }
        }
    }

    private void skipComment() {
        while (peek() != '\n' && peek() != END) {
            next();
        }
    }

    private void word(boolean startsLine) {
        int start = line;
        var text = new StringBuilder();
        char quote = 0;
        while (peek() != END) {
            char character = peek();
            if (character == '\\') {
                next();
                escape(text);
            } else if (quote != 0) {
                next();
                if (character == quote) {
                    quote = 0;
                } else {
                    text.append(character);
                }
            } else if (character == '"' || character == '\'') {
                quote = next();
            } else if (isBlank(character) || character == '\n' || character == '#') {
                break;
            } else {
                text.append(next());
            }
        }
        if (quote == 0) {
            words.add(new Word(text.toString(), start, startsLine));
        } else {
            problems.add(new Remark(file.name(), start,
                    "a quotation mark (" + quote + ") on this line has no partner; everything after it is lost"));
        }
    }

    private void escape(StringBuilder text) {
        char character = peek();
        if (character >= '0' && character <= '7') {
            text.append((char) (number(8, 3) & 0xff));
            return;
        }
        if (character == END) {
            return;
        }
        next();
        switch (character) {
            case '\n' -> {
                // Joins two lines.
            }
            case 'a' -> text.append('\u0007');
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'n' -> text.append('\n');
            case 'r' -> text.append('\r');
            case 's' -> text.append(' ');
            case 't' -> text.append('\t');
            case 'x' -> text.append((char) number(16, 2));
            default -> text.append(character);
        }
    }

    private int number(int radix, int digits) {
        int value = 0;
        for (int i = 0; i < digits && Character.digit(peek(), radix) >= 0; i++) {
            value = value * radix + Character.digit(next(), radix);
        }
        return value;
    }

    private static boolean isBlank(char character) {
        return character == ' ' || character == '\t' || character == '\r' || character == '\f' || character == '\u000b';
    }

    private char peek() {
        return position < file.text().length() ? file.text().charAt(position) : END;
    }

    private char peekAfter() {
        return position + 1 < file.text().length() ? file.text().charAt(position + 1) : END;
    }

    private char next() {
        char character = file.text().charAt(position++);
        if (character == '\n') {
            line++;
        }
        return character;
    }
}
