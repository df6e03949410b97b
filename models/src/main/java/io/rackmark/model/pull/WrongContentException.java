package io.rackmark.model.pull;

import java.io.IOException;

/** The bytes that came are not those of the file. */
final class WrongContentException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what follows the file's name in a sentence
     */
    WrongContentException(String message) {
        super(message);
    }
}
