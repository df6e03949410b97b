package io.rackmark.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SourceSizeTest {
    private static final int MOST_FILE_LINES = 500;
    private static final int MOST_METHOD_LINES = 60;
    private static final int MOST_PARAMETERS = 6;

    @Test
    void noSourceFileIsLongerThanItMayBe() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : ArchitectureTest.mainSources()) {
            int lines = Files.readAllLines(file).size();
            if (lines > MOST_FILE_LINES) {
                tooLong.add(file + ": " + lines);
            }
        }
        assertThat(tooLong).isEmpty();
    }

    @Test
    void noMethodIsLongerOrWiderThanItMayBe() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> tooLarge = new ArrayList<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task =
                    (JavacTask)
                            compiler.getTask(
                                    null,
                                    files,
                                    null,
                                    List.of("-proc:none"),
                                    null,
                                    files.getJavaFileObjectsFromPaths(
                                            ArchitectureTest.mainSources()));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new MethodSizes(unit, positions, tooLarge).scan(unit, null);
            }
        }
        assertThat(tooLarge).isEmpty();
    }

    private static final class MethodSizes extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<String> tooLarge;

        MethodSizes(CompilationUnitTree unit, SourcePositions positions, List<String> tooLarge) {
            this.unit = unit;
            this.positions = positions;
            this.tooLarge = tooLarge;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void unused) {
            LineMap lines = unit.getLineMap();
            long length =
                    lines.getLineNumber(positions.getEndPosition(unit, method))
                            - lines.getLineNumber(positions.getStartPosition(unit, method))
                            + 1;
            boolean constructor = method.getName().contentEquals("<init>");
            boolean wide = !constructor && method.getParameters().size() > MOST_PARAMETERS;
            if (length > MOST_METHOD_LINES || wide) {
                tooLarge.add(
                        "%s %s: %d lines, %d parameters"
                                .formatted(
                                        Path.of(unit.getSourceFile().getName()).getFileName(),
                                        method.getName(),
                                        length,
                                        method.getParameters().size()));
            }
            return super.visitMethod(method, null);
        }
    }
}
