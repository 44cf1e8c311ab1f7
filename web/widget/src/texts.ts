/**
 * Every word on the screen, Russian and English side by side; used as `T.name`.
 * `{}` is the value; `{a|b|c}` is the form of a word that goes with the number (Russian: one, few, many).
 */

export type Text = readonly [ru: string, en: string];

export const title: Text = ["Поддержка", "Support"];
export const launcher: Text = ["Открыть чат поддержки", "Open the support chat"];
export const call: Text = ["Позвонить из браузера", "Call from the browser"];
export const unread: Text = ["{} {новое сообщение|новых сообщения|новых сообщений}", "{} new {message|messages}"];
export const close: Text = ["Свернуть чат", "Minimise the chat"];
export const menu: Text = ["Ещё", "More"];
export const otherLanguage: Text = ["English", "Русский"];
export const headOpen: Text = ["Отвечают люди", "People answer here"];
export const headClosed: Text = ["Сейчас закрыто", "Closed now"];
export const someone: Text = ["Коллега", "A colleague"];

export const loading: Text = ["Загружаем переписку", "Loading your messages"];
export const loadFailed: Text = ["Чат не загрузился. Сами попробуем ещё раз", "The chat did not load. We will try again"];
export const answers: Text = ["Ответит человек.", "A person will answer."];
export const answersIn: Text = ["Ответит человек. Сейчас ждать {}.", "A person will answer. The wait now is {}."];
export const openAt: Text = ["Откроемся {}", "We open {}"];
export const introduce: Text = ["Представиться, если хотите", "Introduce yourself, if you like"];
export const name: Text = ["Имя", "Name"];
export const number: Text = ["Номер телефона", "Phone number"];
export const orWrite: Text = ["Или просто напишите", "Or just write"];
export const leaveMessage: Text = ["Оставьте сообщение", "Leave a message"];

export const wait: Text = ["Ждать {}", "Wait {}"];
export const waitUnknown: Text = ["Ищем, кто ответит", "Finding who will answer"];
export const underMinute: Text = ["меньше минуты", "under a minute"];
export const minute: Text = ["около {} {минуты|минут|минут}", "about {} {minute|minutes}"];
export const minutes: Text = ["{} {минуту|минуты|минут}", "{} {minute|minutes}"];
export const hour: Text = ["около {} {часа|часов|часов}", "about {} {hour|hours}"];
export const hours: Text = ["{} {час|часа|часов}", "{} {hour|hours}"];
export const next: Text = ["Следующий разговор ваш", "You are next"];
export const ahead: Text = ["Перед вами {}", "{} before you"];
export const people: Text = ["{} {человек|человека|человек}", "{} {person|people}"];
export const you: Text = ["вы", "you"];
export const keepPlace: Text = ["Можно закрыть чат: место сохранится", "You may close the chat: your place is kept"];
export const updated: Text = ["Обновлено {}", "Updated {}"];
export const was: Text = [". Сначала: {}", ". At first: {}"];
export const details: Text = ["Добавить подробности", "Add details"];

export const deferred: Text = ["Сообщение получено", "We have your message"];
export const replyMorning: Text = ["Ответим утром, после {}", "We will answer in the morning, after {}"];
export const reply: Text = ["Ответим {}", "We will answer {}"];
export const at: Text = [" в ", " at "];
export const after: Text = [" после ", " after "];
export const replyLater: Text = ["Ответим, когда откроемся", "We will answer when we open"];
export const deferredNote: Text = ["Можно закрыть чат: ответ появится здесь", "You may close the chat: the answer will be here"];

export const log: Text = ["Переписка", "Messages"];
export const write: Text = ["Напишите сообщение", "Write a message"];
export const send: Text = ["Отправить", "Send"];
export const attach: Text = ["Приложить картинку или PDF", "Attach a picture or a PDF"];
export const typing: Text = ["{} печатает", "{} is typing"];
export const below: Text = ["{} {новое|новых|новых}", "{} new"];
export const sending: Text = ["отправляется", "sending"];
export const sent: Text = ["отправлено", "sent"];
export const delivered: Text = ["доставлено", "delivered"];
export const read: Text = ["прочитано", "read"];
export const willSend: Text = ["Отправим, когда вернётся связь", "Will be sent when the connection is back"];
export const willSendIn: Text = ["Слишком часто. Отправим через {} с", "Too fast. Will be sent in {} s"];
export const tooFast: Text = ["Слишком часто. Попробуйте через {} с", "Too fast. Try again in {} s"];
export const notSent: Text = ["Не отправлено", "Not sent"];
export const retry: Text = ["Повторить", "Try again"];
export const discard: Text = ["Убрать", "Discard"];
export const open: Text = ["Открыть {}", "Open {}"];
export const mb: Text = ["{} МБ", "{} MB"];
export const kb: Text = ["{} КБ", "{} KB"];

export const joined: Text = ["На связи {}", "{} is with you"];
export const left: Text = ["{} не на связи. Ищем, кто продолжит, место сохранено", "{} lost the connection. Finding who will go on, your place is kept"];
export const transferred: Text = ["Передаём разговор. Переписка останется с вами", "Passing the talk to a colleague. Your messages stay with you"];
export const ended: Text = ["Разговор завершён", "The talk is over"];

export const offline: Text = ["Нет связи. Сообщения не потеряются", "No connection. Nothing will be lost"];
export const reconnecting: Text = ["Восстанавливаем связь", "Reconnecting"];

export const expired: Text = ["Прошло больше трёх суток, эта переписка закрыта", "More than three days have passed, this talk is closed"];
export const startAnew: Text = ["Начать новый разговор", "Start a new talk"];
export const again: Text = ["Если вопрос остался, просто напишите", "Still have a question? Just write"];
export const end: Text = ["Завершить разговор", "End the talk"];
export const endYes: Text = ["Завершить", "End it"];
export const endNo: Text = ["Продолжить", "Go on"];
export const transcript: Text = ["Скачать переписку", "Download the messages"];

export const how: Text = ["Как поговорили?", "How was it?"];
export const howWith: Text = ["Оцените разговор. На связи: {}", "Grade the talk with {}"];
export const rateIt: Text = ["Оценить разговор", "Grade the talk"];
export const scale: Text = ["Оценка от 1 до 5", "Grade from 1 to 5"];
export const words: Text = ["Несколько слов, если хотите", "A few words, if you like"];
export const skip: Text = ["Пропустить", "Skip"];
export const thanks: Text = ["Спасибо", "Thank you"];
export const thanksNote: Text = ["Оценку и слова прочитают те, кто с вами говорил", "The people who talked with you will read it"];
export const back: Text = ["К переписке", "Back to the messages"];

export const tooLarge: Text = ["Файл больше 10 МБ. Пришлите поменьше", "The file is over 10 MB. Send a smaller one"];
export const wrongType: Text = ["Можно прислать PNG, JPEG, GIF, WebP или PDF", "You can send PNG, JPEG, GIF, WebP or PDF"];
export const failed: Text = ["Не получилось. Попробуйте ещё раз", "It did not work. Please try again"];

/** From the best grade, 5, down to 1. */
export const grades: readonly Text[] = [
  ["Отлично, спасибо", "Excellent, thank you"],
  ["Хорошо", "Good"],
  ["Так себе", "So-so"],
  ["Плохо", "Bad"],
  ["Очень плохо", "Very bad"],
];
