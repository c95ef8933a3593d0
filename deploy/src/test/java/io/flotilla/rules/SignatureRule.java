package io.flotilla.rules;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** No public or protected signature, with its type parameters, names a type of certain packages. */
final class SignatureRule extends ArchCondition<JavaClass> {
  private final List<String> hidden;

  SignatureRule(String... hidden) {
    super("show none of " + List.of(hidden) + " in a public or protected signature");
    this.hidden = List.of(hidden);
  }

  @Override
  public void check(JavaClass type, ConditionEvents events) {
    List<JavaType> parents = new ArrayList<>(type.getInterfaces());
    type.getSuperclass().ifPresent(parents::add);
    look(type, type.getFullName(), parents.stream(), events);
    for (JavaMember member : type.getMembers()) {
      if (member.getModifiers().contains(JavaModifier.PUBLIC)
          || member.getModifiers().contains(JavaModifier.PROTECTED)) {
        look(type, member.getFullName(), types(member), events);
      }
    }
  }

  private static Stream<JavaType> types(JavaMember member) {
    if (member instanceof JavaField field) {
      return Stream.of(field.getType());
    }
    return member instanceof JavaCodeUnit unit
        ? Stream.concat(
            Stream.concat(Stream.of(unit.getReturnType()), unit.getParameterTypes().stream()),
            unit.getExceptionTypes().stream())
        : Stream.empty();
  }

  private void look(
      JavaClass type, String where, Stream<? extends JavaType> shown, ConditionEvents events) {
    shown
        .flatMap(each -> each.getAllInvolvedRawTypes().stream())
        .map(JavaClass::getName)
        .distinct()
        .filter(name -> hidden.stream().anyMatch(name::startsWith))
        .forEach(name -> events.add(SimpleConditionEvent.violated(type, where + " shows " + name)));
  }
}
