package io.weft.blog.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadingTest {

    @Test
    void countsWordsAndChineseCharacters() {
        assertThat(Reading.minutes("one two three")).isEqualTo(1);
        assertThat(Reading.minutes("word ".repeat(660))).isEqualTo(3);
        assertThat(Reading.minutes("字".repeat(1200))).isEqualTo(3);
    }

    @Test
    void anExcerptNeverCutsACharacterInTwo() {
        assertThat(Reading.excerpt("short  text\n")).isEqualTo("short text");
        String excerpt = Reading.excerpt("🧵".repeat(200));
        assertThat(excerpt).isEqualTo("🧵".repeat(140) + "…");
    }
}
