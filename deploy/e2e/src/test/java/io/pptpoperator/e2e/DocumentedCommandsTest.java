package io.pptpoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.e2e.DocumentedCommands.Entry;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No command of the documentation is left alone: it is run, or somebody said what else shows that it works. */
class DocumentedCommandsTest {

    static List<CommandBlock> blocks() {
        return CommandBlock.all();
    }

    static List<Entry> entries() {
        return DocumentedCommands.ALL;
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void aBlockIsRunOrListedWithAReason(CommandBlock block) {
        assertThat(DocumentedCommands.ALL).filteredOn(entry -> entry.isAbout(block))
                .as("what DocumentedCommands says of this block in %s:\n%s", block.page(), block.text())
                .hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("entries")
    void nothingIsListedThatNoPageHas(Entry entry) {
        assertThat(blocks()).filteredOn(entry::isAbout).as(entry.toString()).hasSize(1);
    }
}
