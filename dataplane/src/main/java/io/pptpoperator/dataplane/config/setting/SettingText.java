package io.pptpoperator.dataplane.config.setting;

import java.util.List;

/**
 * A setting as documentation and other schemas show it; texts are as a file says it.
 *
 * @param path its path; {@code []} stands for each item of a list
 * @param isList whether it is a list of values
 * @param fallback its default; empty where it must be given, or where there is none
 * @param words the words that are possible, alone or beside a range
 * @param min the least, empty for none: a number, a duration, a text's length or a number of items
 * @param max the most, empty for none
 * @param pattern what texts have to match, empty for anything
 * @param right what would be right, in words; empty where the type says it
 * @param isLive whether a change applies while the server runs
 * @param meaning what it is, in Markdown
 */
public record SettingText(String path, boolean isList, String fallback, List<String> words, String min, String max,
        String pattern, String right, boolean isLive, String meaning) {}
