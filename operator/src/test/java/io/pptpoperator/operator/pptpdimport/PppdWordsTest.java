package io.pptpoperator.operator.pptpdimport;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.operator.pptpdimport.PppdWords.Word;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PppdWordsTest {

    private final List<Remark> problems = new ArrayList<>();

    @Test
    void quotesBackslashesAndCommentsAreReadAsPppdReadsThem() {
        assertThat(words("a 'b c' \"d # e\" f\\ g h\\#i j# k\nl")).containsExactly("a", "b c", "d # e", "f g", "h#i",
                "j", "l");
        assertThat(words("one\\\ntwo three\\\n four")).containsExactly("onetwo", "three", "four");
        assertThat(words("\\101\\x42\\s\\\\\\\"\\' \"\" x'y z'w")).containsExactly("AB \\\"'", "", "xy zw");
        assertThat(words("DOMAIN\\\\alice 'it''s' \\n")).containsExactly("DOMAIN\\alice", "its", "\n");
        assertThat(words("# all of it")).isEmpty();
        assertThat(problems).isEmpty();
    }

    @Test
    void wordsKnowTheirLines() {
        List<Word> words = PppdWords.of(new SourceFile("f", "\n# c\na b\nc \\\n d\n"), problems);

        assertThat(words).map(Word::line).containsExactly(3, 3, 4, 5);
        assertThat(words).map(Word::startsLine).containsExactly(true, false, true, false);
        assertThat(words.toString()).doesNotContain("c,");
    }

    @Test
    void aQuoteWithoutPartnerIsNamed() {
        assertThat(words("a\nb 'secret\nc d")).containsExactly("a", "b");
        assertThat(problems).map(Remark::toString)
                .singleElement()
                .asString()
                .startsWith("f:2: a quotation mark (') on this line has no partner")
                .doesNotContain("secret");
    }

    @Property
    void anyTextEndsInWords(@ForAll String text) {
        assertThat(PppdWords.of(new SourceFile("f", text), problems))
                .allSatisfy(word -> assertThat(word.line()).isPositive());
    }

    private List<String> words(String text) {
        return PppdWords.of(new SourceFile("f", text), problems).stream().map(Word::text).toList();
    }
}
