package io.rackmark.model;

import java.util.List;
import java.util.OptionalInt;

/**
 * What {@code tokenizer.json} and {@code tokenizer_config.json} say, as far as conversion and
 * inspection need it. Encoding and decoding are done elsewhere.
 *
 * @param kind of the tokenizer model
 * @param tokens by id, without holes
 * @param merges pairs in order of priority, the two parts separated by one space
 * @param preTokenizer steps in canonical wording, see {@link TokenizerReader}
 * @param ignoreMerges whether a word that is a token as a whole is that token, whatever the merges
 *     would make of it
 * @param spacePrefix whether a space is put before each text (SentencePiece style only)
 * @param addBos whether the tokenizer itself puts the bos token before each text
 * @param addEos whether the tokenizer itself puts the eos token after each text
 */
public record TokenizerSpec(
        Kind kind,
        List<Token> tokens,
        List<String> merges,
        List<String> preTokenizer,
        OptionalInt bosId,
        OptionalInt eosId,
        OptionalInt padId,
        OptionalInt unkId,
        boolean ignoreMerges,
        boolean spacePrefix,
        boolean addBos,
        boolean addEos) {
    public TokenizerSpec {
        tokens = List.copyOf(tokens);
        merges = List.copyOf(merges);
        preTokenizer = List.copyOf(preTokenizer);
    }

    /** The algorithm; the label is for messages and tables. */
    public enum Kind {
        BYTE_LEVEL_BPE("byte-level BPE"),
        SENTENCEPIECE_BPE("SentencePiece-style BPE with byte fallback"),
        OTHER("other");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    /** How a token came into the vocabulary. */
    public enum Role {
        NORMAL,
        /** Control token: never produced from text, never shown. */
        SPECIAL,
        /** Added after training, matched as a whole, shown as text. */
        ADDED,
        /** An id the tokenizer skips. */
        UNUSED
    }

    /** One vocabulary entry, in the file's own spelling (byte-level letters for byte-level BPE). */
    public record Token(String text, Role role) {}
}
